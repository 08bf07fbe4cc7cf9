import { type ProgressSample, progressTracks } from "../judge/progress-tracks.ts";
import type { Observed } from "../judge/track.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import { droppedInAll } from "../products/shipper-totals.ts";
import type { Observer } from "./observer.ts";
import { PartCounters, type PartTotals } from "./part-counters.ts";
import { Repetition } from "./repetition.ts";
import { SeriesRecorder } from "./series-recorder.ts";

const intervalMs = 500;

/** Scrapes the counters of a pipeline's parts as long as the run lasts. */
export class CountersObserver implements Observer {
  readonly counters: PartCounters;
  readonly #stack: Stack;
  readonly #samples = new SeriesRecorder<ProgressSample>();
  readonly #questions = new Repetition(
    () => this.ask(),
    (tookMs) => Math.max(0, intervalMs - tookMs),
  );

  /** @param sources the names of the run's sources; each writes a file `SOURCE.log` */
  constructor(stack: Stack, sources: readonly string[]) {
    this.#stack = stack;
    this.counters = new PartCounters(stack.pipeline, sources);
  }

  start(signal: AbortSignal): void {
    this.#questions.start(signal);
  }

  /** Scrapes all parts now. */
  async ask(): Promise<void> {
    await this.counters.scrape(this.#stack);
    this.#samples.add(Date.now(), countedOf(this.#stack.pipeline, this.counters.totals));
  }

  async stop(): Promise<Observed> {
    const failure = await this.#questions.stop();
    const tracks = progressTracks(this.#samples.list());
    return { observer: "counters", isGroundOfVerdict: true, failure, tracks };
  }
}

/** What the parts have counted so far. Parts that the pipeline does not have, or that have counted nothing yet, are left out. */
export function countedOf(
  pipeline: Pick<Pipeline, "shipper" | "consumer">,
  { shipper, gateway, retries }: PartTotals,
): ProgressSample {
  const { read, sent } = shipper;
  const { acknowledged, answers } = gateway;
  const refused = Object.entries(answers).filter(([status]) => !status.startsWith("2"));
  return {
    // The shipper of a custom pipeline may also ship lines that are not the run's.
    ...(pipeline.shipper.config === undefined || read === 0
      ? {}
      : { "shipper.read": read, "shipper.sent": sent, "shipper.dropped": droppedInAll(shipper) }),
    ...(acknowledged === 0 ? {} : { "gateway.acknowledged": acknowledged, "gateway.refused": sum(refused) }),
    ...(pipeline.consumer === undefined ? {} : { "consumer.retries": sum(Object.entries(retries)) }),
  };
}

function sum(counts: [string, number][]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}
