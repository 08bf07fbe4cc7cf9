import { maxPoints } from "../judge/track.ts";

const shortestCellMs = 100;

/** The values at one moment. */
export interface SampleAt<Values> {
  /** Unix milliseconds. */
  at: number;
  values: Values;
}

/**
 * Records values over time in fixed memory. Time is divided into cells of equal length, and the latest sample of each cell is kept; when
 * there are too many, cells become twice as long. Cells begin at multiples of their length, so that what different observers recorded of
 * the same run stays comparable however long it was.
 */
export class SeriesRecorder<Values> {
  readonly #maxPoints: number;
  #samples: SampleAt<Values>[] = [];
  #cellMs = shortestCellMs;

  /** @param most the maximum number of samples that are kept */
  constructor(most = maxPoints) {
    this.#maxPoints = most;
  }

  /** @param atMs Unix milliseconds. A time before the latest sample, as after a clock was set back, counts as the time of that sample */
  add(atMs: number, values: Values): void {
    const latest = this.#samples.at(-1);
    const at = Math.max(atMs, latest?.at ?? 0);
    if (latest !== undefined && this.#cellOf(latest.at) === this.#cellOf(at)) this.#samples.pop();
    this.#samples.push({ at, values });
    while (this.#samples.length > this.#maxPoints) this.#widen();
  }

  /** The samples so far, in order of time, always including the latest. */
  list(): SampleAt<Values>[] {
    return [...this.#samples];
  }

  #cellOf(ms: number): number {
    return Math.floor(ms / this.#cellMs);
  }

  #widen(): void {
    this.#cellMs *= 2;
    this.#samples = this.#samples.filter((sample, index, all) => {
      const next = all[index + 1];
      return next === undefined || this.#cellOf(next.at) !== this.#cellOf(sample.at);
    });
  }
}
