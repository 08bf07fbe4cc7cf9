import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { sumOf } from "../base/metrics.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import type { IngesterProduct } from "../products/ingester-product.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { ingesterProductOf, ingestersOf, missingTarget, withoutKnownLog } from "./targets.ts";

/** The counter that shows each event; an ingester counts from its start. */
const counterOf = {
  /** The load has filled the disk, which is small in this pipeline. */
  "disk-full": "walDiskFull",
  /** A restarted ingester writes to its write-ahead log again. */
  "logged-after-restart": "walRecordsLogged",
  /** A restarted ingester has written chunks to the store, because its write-ahead log was larger than it may hold while it replays it. */
  "flushed-by-replay": "chunksFlushed",
} as const satisfies Record<string, keyof IngesterProduct["counters"]>;
/** Events that only an ingester shows which was started again: what it counted before does not count. */
const afterRestart: ReadonlySet<keyof typeof counterOf> = new Set([
  "logged-after-restart",
  "flushed-by-replay",
]);
const probeMs = 200;

const schema = z.strictObject({
  kind: z.literal("await-wal"),
  target: z.literal("sink"),
  /** The event to wait for. */
  event: z.enum(["disk-full", "logged-after-restart", "flushed-by-replay"]),
  /** The event has to happen before this share of the lines is written. */
  before: z.number().min(0).max(1),
});

type Spec = z.infer<typeof schema>;

const evidence = z.object({
  code: z.literal("wal-event"),
  event: schema.shape.event,
  /** The metric that counts the event; absent in documents of earlier versions. */
  metric: z.string().optional(),
  counts: z.array(z.object({ instance: z.string(), count: z.number() })),
});

type WalEvidence = z.infer<typeof evidence>;

export const awaitWal = {
  summary: "Breaks nothing: waits for an event of the write-ahead log that a later fault needs.",
  schema,
  evidence,
  lasts: () => false,
  touches: ({ target }, pipeline) => ingestersOf(pipeline, target),
  breaks: () => [],
  unsupportedReason: ({ target }, pipeline) => withoutKnownLog(pipeline) ?? missingTarget(pipeline, target),
  simpler: () => [],
  expected: ({ target, event, before }, pipeline) =>
    `${ingestersOf(pipeline, target).join(", ")}: counts ${metricOf(event, pipeline)} above 0 before ${before * 100} % of the lines are written`,
  create(spec, context) {
    const services = ingestersOf(context.stack.pipeline, spec.target);
    const fault = new AwaitWal(context, context.stack.instances(services), spec);
    return onEveryInstance(context, services, fault);
  },
  clause: () => undefined,
  describe({ event, metric, counts }) {
    const what = metric === undefined ? "" : ` ${metric}`;
    const each = counts.map(({ instance, count }) => `${instance} counts ${count}${what}`);
    return `${event}: ${each.join(", ")}`;
  },
} satisfies FaultKind<typeof schema, WalEvidence>;

function metricOf(event: Spec["event"], pipeline: Pipeline): string {
  return ingesterProductOf(pipeline).counters[counterOf[event]];
}

/**
 * Waits for an event that a later fault of the schedule needs. A run in which it does not happen is `unknown`. This fault takes no time and
 * needs no healing.
 */
class AwaitWal implements Fault<WalEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #spec: Spec;
  readonly #metric: string;
  readonly #counts = new Map<string, number>();
  #atMs = 0;

  constructor(context: FaultContext, instances: Instance[], spec: Spec) {
    this.#context = context;
    this.#instances = instances;
    this.#spec = spec;
    this.#metric = metricOf(spec.event, context.stack.pipeline);
  }

  async inject(): Promise<number> {
    const { writer, signal } = this.#context;
    const lines = this.#spec.before * writer.plan.lines;
    while (!writer.hasEnded && writer.written < lines && !this.#hasHappened) {
      await pause(probeMs, signal);
      for (const instance of this.#instances) this.#counts.set(instance.name, await this.#countOf(instance));
    }
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof<WalEvidence>> {
    const counts = this.#instances.map(({ name }) => ({
      instance: name,
      count: this.#counts.get(name) ?? 0,
    }));
    const { event } = this.#spec;
    return {
      effective: this.#hasHappened,
      evidence: [{ code: "wal-event", event, metric: this.#metric, counts }],
    };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  get #hasHappened(): boolean {
    return (
      this.#instances.length > 0 && this.#instances.every(({ name }) => (this.#counts.get(name) ?? 0) > 0)
    );
  }

  /** The count of the event; 0 if the instance does not answer. */
  async #countOf(instance: Instance): Promise<number> {
    const { running, startedAtMs, endedAtMs } = await instance.state();
    const wasRestarted = endedAtMs > 0 && startedAtMs > endedAtMs;
    if (!running || (afterRestart.has(this.#spec.event) && !wasRestarted)) return 0;
    const address = await instance.address();
    const asked = address && metricsAt(address.url).catch(() => undefined);
    return sumOf((await asked) ?? [], this.#metric);
  }
}
