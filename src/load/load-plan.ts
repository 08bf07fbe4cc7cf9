import type { Backlog } from "./line-clock.ts";

/** What a generator is to write. */
export interface LoadPlan {
  /** An existing folder; each source writes `SOURCE.log` in it. */
  folder: string;
  seed: string;
  /** The names of the sources; lines are dealt over them in turn. */
  sources: string[];
  /** How many lines in all. */
  lines: number;
  /** The rate of all sources together. */
  linesPerSecond: number;
  /** What the clock of the lines is to have of it. */
  backlog?: Backlog | undefined;
}

/** How a log file is rotated: moved away and created anew, or copied away and cut to nothing. */
export type RotationMethod = "rename-create" | "copytruncate";

/** What a rotation did to one source's file. */
export interface Rotation {
  source: string;
  /** The size of the file when it was rotated. */
  bytes: number;
  /** The last sequence that was written before. */
  afterSequence: number;
}

/** How many lines of a source one write may carry; what a blocked thread missed is caught up in pieces of this size. */
export const maxLinesPerWrite = 1_000;

/** How many of `lines` lines the source at `index` of `sourceCount` gets. */
export function shareOf(lines: number, index: number, sourceCount: number): number {
  return Math.floor(lines / sourceCount) + (index < lines % sourceCount ? 1 : 0);
}
