import { type LineClock, oldestMs } from "../load/line-clock.ts";
import type { TimeRange } from "./time-range.ts";

const nanosPerMs = 1_000_000n;
/** The assumed difference of two machines' clocks; more if the lines themselves have shown it. */
const marginMs = 3_600_000;
/** Further lines have times within this distance of those that have arrived. */
const nearMs = 120_000;
/** A smaller difference is the delivery time of a line and not a difference of clocks. */
const noticeableMs = 30_000;

/** How far the search is extended while no line arrives: first as far as time zones differ, then as far back as sinks accept lines by default. */
const searches = [
  { afterMs: 0, behindMs: marginMs, aheadMs: marginMs },
  { afterMs: 10_000, behindMs: 26 * marginMs, aheadMs: 26 * marginMs },
  { afterMs: 20_000, behindMs: 8 * 24 * marginMs, aheadMs: 26 * marginMs },
] as const;

/**
 * The range of times that the lines of a run may have in the sink: those of their own clock, extended by the clock difference that the lines
 * seen so far have shown. Following and reading share the window, so that every line that was seen is read back.
 */
export class ReadWindow {
  readonly #clockOldestMs: number;
  #oldestNs: bigint | undefined;
  #newestNs: bigint | undefined;
  #skewMs = 0;

  constructor(clock: LineClock) {
    this.#clockOldestMs = oldestMs(clock);
  }

  /** Takes the time that a line of the run has in the sink. */
  see(timestampNs: bigint): void {
    if (this.#oldestNs === undefined || timestampNs < this.#oldestNs) this.#oldestNs = timestampNs;
    if (this.#newestNs === undefined || timestampNs > this.#newestNs) this.#newestNs = timestampNs;
  }

  /**
   * Takes the time of a sentinel.
   *
   * @param nominalMs when it was written, and `seenAtMs` when it was seen: without a clock difference its time is in between
   */
  seeSentinel(timestampNs: bigint, nominalMs: number, seenAtMs: number): void {
    this.see(timestampNs);
    const timeMs = Number(timestampNs / nanosPerMs);
    const skewMs = timeMs > seenAtMs || timeMs < nominalMs ? timeMs - nominalMs : 0;
    if (Math.abs(skewMs) > Math.abs(this.#skewMs)) this.#skewMs = skewMs;
  }

  /** How far the times of sentinels are ahead of the times of their writing; negative if behind, 0 if the difference is negligible. */
  get skewMs(): number {
    return Math.abs(this.#skewMs) < noticeableMs ? 0 : this.#skewMs;
  }

  /** How long it takes until the newest time that was seen is reached; 0 if it is in the past. */
  aheadMs(nowMs: number): number {
    return this.#newestNs === undefined ? 0 : Math.max(0, Number(this.#newestNs / nanosPerMs) - nowMs);
  }

  /** The range in which lines are read, in whole milliseconds. */
  range(nowMs: number): TimeRange {
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(marginMs) * nanosPerMs, endNs: endNs + BigInt(marginMs) * nanosPerMs };
  }

  /** The range in which lines are followed: a part of the range for reading, short enough for the sink to answer fast. */
  near(nowMs: number): TimeRange {
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(nearMs) * nanosPerMs, endNs: endNs + BigInt(nearMs) * nanosPerMs };
  }

  /** The range in which at least most lines are expected. */
  expected(nowMs: number): TimeRange {
    const oldestNs = BigInt(this.#clockOldestMs) * nanosPerMs;
    const nowNs = BigInt(nowMs) * nanosPerMs;
    const startNs = this.#oldestNs !== undefined && this.#oldestNs < oldestNs ? this.#oldestNs : oldestNs;
    const endNs = this.#newestNs !== undefined && this.#newestNs > nowNs ? this.#newestNs : nowNs;
    return { startNs: floorMs(startNs), endNs: floorMs(endNs) + nanosPerMs };
  }

  /**
   * The range in which sentinels are searched, which grows while none has arrived.
   *
   * @param sinceMs how long the search has taken
   */
  search(nowMs: number, sinceMs: number): TimeRange {
    const { behindMs, aheadMs } = searches.findLast(({ afterMs }) => sinceMs >= afterMs) ?? searches[0];
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(behindMs) * nanosPerMs, endNs: endNs + BigInt(aheadMs) * nanosPerMs };
  }

  /** The times outside of the window at which the sink may still have lines. */
  beyond(nowMs: number): TimeRange[] {
    const { startNs, endNs } = this.range(nowMs);
    const { behindMs, aheadMs } = searches.at(-1)!;
    return [
      { startNs: startNs - BigInt(behindMs) * nanosPerMs, endNs: startNs },
      { startNs: endNs, endNs: endNs + BigInt(aheadMs) * nanosPerMs },
    ];
  }
}

/** A skew in a few words: `300 s ahead of`, `90 s behind`. */
export function describeSkew(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return `about ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"}`;
}

function floorMs(ns: bigint): bigint {
  return (ns / nanosPerMs) * nanosPerMs;
}
