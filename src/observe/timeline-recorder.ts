import { maxSamples, type TimelineSample } from "../judge/timeline-document.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { droppedInAll } from "../products/shipper-totals.ts";
import type { PartTotals } from "./part-counters.ts";

/**
 * Records where a run stands, in fixed memory: when the room is full every second sample goes, and from then on only every second,
 * fourth, … is taken. The latest is always kept.
 */
export class TimelineRecorder {
  #samples: TimelineSample[] = [];
  #latest: TimelineSample | undefined;
  #stride = 1;
  #skipped = 0;

  /** @param sample a clock that was set back is taken as standing still */
  add(sample: TimelineSample): void {
    this.#latest = { ...sample, at: Math.max(sample.at, this.#latest?.at ?? 0) };
    this.#skipped++;
    if (this.#skipped < this.#stride) return;
    this.#skipped = 0;
    this.#samples.push(this.#latest);
    // One place stays free for the latest.
    if (this.#samples.length === maxSamples - 1) this.#thin();
  }

  /** The samples so far, in the order of time, at most `maxSamples`. */
  list(): TimelineSample[] {
    const isLatestIn = this.#latest === undefined || this.#latest === this.#samples.at(-1);
    return isLatestIn ? [...this.#samples] : [...this.#samples, this.#latest!];
  }

  #thin(): void {
    this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}

/** What the parts have counted so far: those that a pipeline has, and that have counted anything yet. */
export function countedOf(
  pipeline: Pipeline,
  { shipper, gateway, retries }: PartTotals,
): Omit<TimelineSample, "at" | "written" | "readable"> {
  const { read, sent } = shipper;
  const { acknowledged, answers } = gateway;
  const refused = Object.entries(answers).filter(([status]) => !status.startsWith("2"));
  return {
    // One of the user's own may ship more than the run's lines.
    ...(pipeline.shipper.config === undefined || read === 0
      ? {}
      : { shipper: { read, sent, dropped: droppedInAll(shipper) } }),
    ...(acknowledged === 0 ? {} : { gateway: { acknowledged, refusedPushes: sum(refused) } }),
    ...(pipeline.consumer === undefined ? {} : { consumer: { retries: sum(Object.entries(retries)) } }),
  };
}

function sum(counts: [string, number][]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}
