import { Arrivals } from "../load/arrivals.ts";
import type { ArrivalRecorder } from "../sinks/sink.ts";

/** A look that took longer, or brought more lines, may have been cut off, and what it did not bring may have been readable. */
const longestWholeLookMs = 4_000;
const mostLinesOfWholeLook = 200_000;

/**
 * Records between which two moments each line of a trial became readable: it was not when the look before began, and it was when it was seen.
 */
export class LatencyArrivals implements ArrivalRecorder {
  /** When each line was seen. */
  readonly seen: Arrivals;
  /** Until when it was certainly not readable. */
  readonly unseen: Arrivals;
  #wholeLookBeganAtMs: number;
  #newLines = 0;

  /**
   * @param nowMs Unix milliseconds before anything is written
   * @param lines how many lines each source will write
   */
  constructor(nowMs: number, lines: ReadonlyMap<string, number>) {
    this.seen = new Arrivals(nowMs, lines);
    this.unseen = new Arrivals(nowMs, lines);
    this.#wholeLookBeganAtMs = nowMs;
  }

  add(source: string, sequence: number, atMs: number): boolean {
    if (!this.seen.add(source, sequence, atMs)) return false;
    this.unseen.add(source, sequence, this.#wholeLookBeganAtMs);
    this.#newLines++;
    return true;
  }

  /** To be called after each look that the sink answered. */
  endLook(beganAtMs: number, endedAtMs: number): void {
    const isWhole = endedAtMs - beganAtMs < longestWholeLookMs && this.#newLines < mostLinesOfWholeLook;
    if (isWhole) this.#wholeLookBeganAtMs = beganAtMs;
    this.#newLines = 0;
  }
}
