import { request } from "undici";
import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { sumOf } from "../base/metrics.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { ingesterProductOf, missingTarget, withoutKnownLog } from "./targets.ts";

const probeMs = 200;
const requestTimeoutMs = 5_000;
/** Two small streams take less than a second. */
const flushTimeoutMs = 30_000;

const schema = z.strictObject({ kind: z.literal("flush"), target: z.literal("sink") });

const evidence = z.object({ code: z.literal("flushed"), instance: z.string(), chunks: z.number() });

type FlushEvidence = z.infer<typeof evidence>;

export const flush = {
  summary: "Breaks nothing: ingesters write to the store what they hold, for a later fault to meet it there.",
  schema,
  evidence,
  lasts: () => false,
  touches: (_, pipeline) => pipeline.sink.ingesters,
  breaks: () => [],
  unsupportedReason: ({ target }, pipeline) => withoutKnownLog(pipeline) ?? missingTarget(pipeline, target),
  simpler: () => [],
  expected: (_, pipeline) =>
    `${pipeline.sink.ingesters.join(", ")}: ${metricOf(pipeline)} rises by at least 1 after it was told to flush`,
  create(_, context) {
    const { ingesters } = context.stack.pipeline.sink;
    return onEveryInstance(context, ingesters, new Flush(context, context.stack.instances(ingesters)));
  },
  clause: () => undefined,
  describe: ({ instance, chunks }) => `flush: ${instance}: ${chunks} chunks written to the store`,
} satisfies FaultKind<typeof schema, FlushEvidence>;

function metricOf(pipeline: Pipeline): string {
  return ingesterProductOf(pipeline).counters.chunksFlushed;
}

/**
 * Has ingesters write to the store what they hold in memory, so that a fault that comes later meets chunks on disk as well as a
 * write-ahead log. Nothing is broken; takes no time, and needs no healing.
 */
class Flush implements Fault<FlushEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #metric: string;
  readonly #flushed = new Map<string, number>();
  #atMs = 0;

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
    this.#metric = metricOf(context.stack.pipeline);
  }

  async inject(): Promise<number> {
    const { holds, signal } = this.#context;
    await holds.whenUp(
      this.#instances.map(({ name }) => name),
      signal,
    );
    await Promise.all(this.#instances.map((instance) => this.#flush(instance)));
    this.#atMs = Date.now();
    return this.#atMs;
  }

  /** One ingester of several that holds no stream has none to write. */
  async prove(): Promise<Proof<FlushEvidence>> {
    const evidence = this.#instances.map(({ name: instance }) => {
      return { code: "flushed" as const, instance, chunks: this.#flushed.get(instance) ?? 0 };
    });
    return { effective: evidence.some(({ chunks }) => chunks > 0), evidence };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  async #flush(instance: Instance): Promise<void> {
    const { signal } = this.#context;
    const { name } = instance;
    const url = (await instance.address())?.url;
    if (url === undefined) throw new Error(`${name} publishes no port, so it cannot be told to flush`);
    const before = await this.#chunksOf(url);
    const options = { method: "POST", signal: AbortSignal.timeout(requestTimeoutMs), reset: true } as const;
    const { statusCode, body } = await request(`${url}/flush`, options);
    const text = await body.text();
    if (statusCode >= 300) throw new Error(`${name} answered ${statusCode} to /flush: ${text}`);
    for (
      const deadlineMs = Date.now() + flushTimeoutMs;
      Date.now() < deadlineMs;
      await pause(probeMs, signal)
    ) {
      const chunks = (await this.#chunksOf(url)) - before;
      this.#flushed.set(name, chunks);
      if (chunks > 0) return;
    }
  }

  async #chunksOf(url: string): Promise<number> {
    return sumOf(await metricsAt(url), this.#metric);
  }
}
