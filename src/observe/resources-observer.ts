import { messageOf } from "../base/errors.ts";
import { maxPoints, type Observed } from "../judge/track.ts";
import type { Instance } from "../places/instance.ts";
import type { Usage } from "../places/usage.ts";
import type { Observer } from "./observer.ts";
import { Repetition } from "./repetition.ts";
import { SeriesRecorder } from "./series-recorder.ts";
import { UsageTotals } from "./usage-totals.ts";
import { quantitiesOfUsage, usageTracks } from "./usage-tracks.ts";

const shortestRoundMs = 1_000;
const longestRoundMs = 30_000;
/** How long the engine may take to answer. */
const timeoutMs = 10_000;
/** The maximum number of observed instances: a timeline has room for no more tracks. */
export const maxObservedInstances = 40;
/** The maximum number of points in the tracks of all instances together. */
const maxPointsInAll = 24_000;

/** The time between two samples of an instance in a run whose lines take so long to write: of a long run no more is asked than is kept. */
export function roundMsOf(loadSeconds: number): number {
  return Math.min(longestRoundMs, Math.max(shortestRoundMs, (loadSeconds * 1_000) / maxPoints));
}

/** What the observer needs of an instance. Not every place measures usage. */
export type MeteredInstance = Pick<Instance, "name" | "usage">;

/** What is recorded of one instance. */
interface Meter {
  name: string;
  usage: () => Promise<Usage | undefined>;
  totals: UsageTotals;
  recorder: SeriesRecorder<Usage | undefined>;
}

/**
 * Records the CPU, memory, disk and network usage of each instance. No verdict depends on it: a missing sample is only a gap in a chart.
 */
export class ResourcesObserver implements Observer {
  readonly #meters: Meter[];
  readonly #roundMs: number;
  readonly #rounds = new Repetition(
    (signal) => this.#round(signal),
    (tookMs) => this.#restMs(tookMs),
  );
  #hasFailed = false;
  #nextRoundMs: number;
  #failure: string | null = null;

  /** @param roundMs the shortest time between two samples of an instance */
  constructor(instances: readonly MeteredInstance[], roundMs = shortestRoundMs) {
    this.#roundMs = roundMs;
    this.#nextRoundMs = roundMs;
    const metered = instances.flatMap((instance) => {
      const usage = instance.usage?.bind(instance);
      return usage === undefined ? [] : [{ name: instance.name, usage }];
    });
    const observed = metered.slice(0, maxObservedInstances);
    const share = Math.floor(maxPointsInAll / (quantitiesOfUsage * Math.max(1, observed.length)));
    this.#meters = observed.map(({ name, usage }) => ({
      name,
      usage,
      totals: new UsageTotals(),
      recorder: new SeriesRecorder(Math.min(maxPoints, share)),
    }));
    if (observed.length < metered.length)
      this.#failure = `only ${observed.length} of ${metered.length} instances were observed`;
  }

  start(signal: AbortSignal): void {
    this.#rounds.start(signal);
  }

  async stop(): Promise<Observed> {
    const failure = (await this.#rounds.stop()) ?? this.#failure;
    const tracks = this.#meters.flatMap(({ name, recorder }) => usageTracks(name, recorder.list()));
    return { observer: "resources", isGroundOfVerdict: false, failure, tracks };
  }

  async #round(signal: AbortSignal): Promise<void> {
    this.#hasFailed = false;
    await Promise.all(this.#meters.map((meter) => this.#read(meter, signal)));
  }

  async #read({ usage: ask, totals, recorder }: Meter, signal: AbortSignal): Promise<void> {
    try {
      const usage = await unlessAborted(ask(), AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
      if (usage === undefined) recorder.add(Date.now(), undefined);
      else recorder.add(usage.atMs, totals.add(usage));
    } catch (thrown) {
      if (signal.aborted) return;
      this.#hasFailed = true;
      this.#failure = messageOf(thrown);
      recorder.add(Date.now(), undefined);
    }
  }

  /** The time between samples is doubled each time the place does not answer. */
  #restMs(tookMs: number): number {
    this.#nextRoundMs = this.#hasFailed ? Math.min(longestRoundMs, 2 * this.#nextRoundMs) : this.#roundMs;
    return Math.max(0, this.#nextRoundMs - tookMs);
  }
}

/** Waits for an answer until the signal aborts; an answer that comes later is ignored. */
async function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  answer.catch(() => {});
  try {
    signal.throwIfAborted();
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
