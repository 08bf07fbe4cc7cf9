import { type LineClock, oldestMs } from "../load/line-clock.ts";
import type { TimeRange } from "./time-range.ts";

const nanosPerMs = 1_000_000n;
/** Clocks of two machines may differ by so much, and by more where the lines themselves have shown it. */
const marginMs = 3_600_000;
/** Further lines come with times not far from those that have come. */
const nearMs = 120_000;
/** What differs by less is the way of a line, not a clock. */
const noticeableMs = 30_000;

/** How much further lines are looked for while none comes: first as far as time zones reach, then as far back as sinks take lines by default. */
const searches = [
  { afterMs: 0, behindMs: marginMs, aheadMs: marginMs },
  { afterMs: 10_000, behindMs: 26 * marginMs, aheadMs: 26 * marginMs },
  { afterMs: 20_000, behindMs: 8 * 24 * marginMs, aheadMs: 26 * marginMs },
] as const;

/**
 * Which times the lines of a run may carry in the sink: those of their own clock, and as far beyond as the lines that were seen have
 * shown the pipeline's clock to be. Following and reading share the window, so that whatever was seen is read back.
 */
export class ReadWindow {
  readonly #clockOldestMs: number;
  #oldestNs: bigint | undefined;
  #newestNs: bigint | undefined;
  #skewMs = 0;

  constructor(clock: LineClock) {
    this.#clockOldestMs = oldestMs(clock);
  }

  /** Takes the time that a line of the run carries in the sink. */
  see(timestampNs: bigint): void {
    if (this.#oldestNs === undefined || timestampNs < this.#oldestNs) this.#oldestNs = timestampNs;
    if (this.#newestNs === undefined || timestampNs > this.#newestNs) this.#newestNs = timestampNs;
  }

  /**
   * Takes the time that a sentinel carries.
   *
   * @param nominalMs when it was written, and `seenAtMs` when it was seen: honest times lie between
   */
  seeSentinel(timestampNs: bigint, nominalMs: number, seenAtMs: number): void {
    this.see(timestampNs);
    const timeMs = Number(timestampNs / nanosPerMs);
    const skewMs = timeMs > seenAtMs || timeMs < nominalMs ? timeMs - nominalMs : 0;
    if (Math.abs(skewMs) > Math.abs(this.#skewMs)) this.#skewMs = skewMs;
  }

  /** How far the times that sentinels carry are ahead of those at which they were written; negative if behind, 0 if hardly. */
  get skewMs(): number {
    return Math.abs(this.#skewMs) < noticeableMs ? 0 : this.#skewMs;
  }

  /** How long it is until the newest time that was seen comes; 0 if it has come. */
  aheadMs(nowMs: number): number {
    return this.#newestNs === undefined ? 0 : Math.max(0, Number(this.#newestNs / nanosPerMs) - nowMs);
  }

  /** Where lines are read: whole milliseconds. */
  range(nowMs: number): TimeRange {
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(marginMs) * nanosPerMs, endNs: endNs + BigInt(marginMs) * nanosPerMs };
  }

  /** Where lines are followed: a part of where they are read, and little more than a moment to look at. */
  near(nowMs: number): TimeRange {
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(nearMs) * nanosPerMs, endNs: endNs + BigInt(nearMs) * nanosPerMs };
  }

  /** Where they are expected, most of them at least. */
  expected(nowMs: number): TimeRange {
    const oldestNs = BigInt(this.#clockOldestMs) * nanosPerMs;
    const nowNs = BigInt(nowMs) * nanosPerMs;
    const startNs = this.#oldestNs !== undefined && this.#oldestNs < oldestNs ? this.#oldestNs : oldestNs;
    const endNs = this.#newestNs !== undefined && this.#newestNs > nowNs ? this.#newestNs : nowNs;
    return { startNs: floorMs(startNs), endNs: floorMs(endNs) + nanosPerMs };
  }

  /**
   * Where sentinels are looked for, further the longer none has come.
   *
   * @param sinceMs for how long they have been looked for
   */
  search(nowMs: number, sinceMs: number): TimeRange {
    const { behindMs, aheadMs } = searches.findLast(({ afterMs }) => sinceMs >= afterMs) ?? searches[0];
    const { startNs, endNs } = this.expected(nowMs);
    return { startNs: startNs - BigInt(behindMs) * nanosPerMs, endNs: endNs + BigInt(aheadMs) * nanosPerMs };
  }

  /** The times beside the window at which the sink may hold lines all the same. */
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
