import { pause } from "../base/abortable-pause.ts";
import { UnavailableError } from "../base/errors.ts";
import { type Metric, sumOf } from "../base/metrics.ts";
import type { Instance } from "../places/instance.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import type { StackImage } from "../places/stack-image.ts";
import { buildInfoMetrics } from "../products/build-info.ts";
import { sinkProductOf } from "../products/known-sinks.ts";
import { awaitReady, NotReadyError, type Probe, probeOf } from "./await-ready.ts";
import type { FaultContext } from "./fault.ts";
import type { SwapFailure } from "./swap-image-evidence.ts";

/** Reading a large write-ahead log takes a minute; three brokers on two cores half of one. */
const readyTimeoutMs = 120_000;
const endProbeMs = 20;

export type Image = Omit<StackImage, "service">;

/** An instance that runs, as far as it can be told from another. */
interface Seen {
  incarnation: string;
  image: Image;
  /** What it says its version is. */
  version: string | undefined;
}

/** What an ingester read of its write-ahead log, null if it does not say; undefined for one that keeps none. */
type Replay = { entries: number; corruptions: number } | null | undefined;

/** What came of replacing one instance. */
export interface Change {
  instance: Instance;
  from: Seen;
  /** What was to run then. */
  wanted: Image;
  /** What runs since; undefined if it did not come up. */
  to: Seen | undefined;
  /** Why it did not. */
  failure?: SwapFailure;
  endedAtMs: number;
  readyAtMs: number;
  /** Certainly while it was away. */
  linesMeanwhile: number;
  replay: Replay;
}

/** Replaces single instances by others that run another image on the same volumes, and waits until these are ready. */
export class Replacer {
  readonly #context: FaultContext;
  readonly #end: "term" | "kill";
  /** By instance, as found when it worked. */
  readonly #probes = new Map<string, Probe>();

  /** @param end how the instance that runs is ended */
  constructor(context: FaultContext, end: "term" | "kill") {
    this.#context = context;
    this.#end = end;
  }

  /** An instance that another fault holds down is replaced once it is up again. */
  async replace(instance: Instance, wanted: Image): Promise<Change> {
    const { holds, signal } = this.#context;
    const { name } = instance;
    for (;;) {
      await holds.whenUp([name], signal);
      const change = await holds.alone([name], async () =>
        holds.byAnother("down", name) ? undefined : this.#replaceNow(instance, wanted),
      );
      if (change !== undefined) return change;
    }
  }

  async #replaceNow(instance: Instance, wanted: Image): Promise<Change> {
    const { signal, writer } = this.#context;
    signal.throwIfAborted();
    const from = await this.#look(instance);
    const probe = await this.#probeOf(instance);
    return this.#context.withPollingPaused(async () => {
      const endedAtMs = await this.#endOf(instance);
      const written = writer.written;
      const change = { instance, from, wanted, endedAtMs };
      try {
        await instance.replace!(wanted);
        const readyAtMs = await awaitReady(instance, probe, readyTimeoutMs, signal);
        const linesMeanwhile = writer.written - written;
        const to = await this.#look(instance);
        return { ...change, to, readyAtMs, linesMeanwhile, replay: await this.#replayOf(instance) };
      } catch (thrown) {
        signal.throwIfAborted();
        if (!(thrown instanceof NotReadyError || thrown instanceof UnavailableError)) throw thrown;
        const linesMeanwhile = writer.written - written;
        const failure: SwapFailure =
          thrown instanceof NotReadyError
            ? thrown.notReady
            : { code: "unavailable", message: thrown.message };
        return {
          ...change,
          to: undefined,
          failure,
          readyAtMs: Date.now(),
          linesMeanwhile,
          replay: undefined,
        };
      }
    });
  }

  async #probeOf(instance: Instance): Promise<Probe> {
    const probe = this.#probes.get(instance.name) ?? (await probeOf(this.#context.stack, instance));
    this.#probes.set(instance.name, probe);
    return probe;
  }

  /** Ends what runs, and waits for it. */
  async #endOf(instance: Instance): Promise<number> {
    const { holds, signal } = this.#context;
    holds.note("replaced", instance.name);
    if ((await instance.state()).running) {
      await instance.end(this.#end);
      while ((await instance.state()).running) await pause(endProbeMs, signal);
    }
    return (await instance.state()).endedAtMs;
  }

  async #look(instance: Instance): Promise<Seen> {
    const { incarnation } = await instance.state();
    const { service: _, ...image } = await instance.image();
    const metrics = await this.#metricsOf(instance);
    const says = metrics?.find(({ name }) => buildInfoMetrics.includes(name));
    return { incarnation, image, version: says?.labels.version };
  }

  /** What an ingester says of the write-ahead log that it has just read. */
  async #replayOf(instance: Instance): Promise<Replay> {
    const { sink } = this.#context.stack.pipeline;
    const product = sinkProductOf(sink.kind)?.ingester;
    if (product === undefined || !sink.ingesters.includes(instance.service)) return undefined;
    const metrics = await this.#metricsOf(instance);
    if (metrics === undefined) return null;
    return {
      entries: sumOf(metrics, product.counters.walRecoveredEntries),
      corruptions: sumOf(metrics, product.counters.walCorruptions),
    };
  }

  /** Undefined where it does not answer; a broker has none. */
  async #metricsOf(instance: Instance): Promise<Metric[] | undefined> {
    const { pipeline } = this.#context.stack;
    if (instance.service in (pipeline.kafka?.services ?? {})) return undefined;
    const address = await instance.address();
    return address && metricsAt(address.url).catch(() => undefined);
  }
}
