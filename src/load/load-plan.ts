import type { Backlog, LineClock } from "./line-clock.ts";

/** What is to be written. */
export interface LoadPlan {
  /** An existing folder; each source writes `SOURCE.log` in it. */
  folder: string;
  seed: string;
  /** The names of the sources; lines are dealt over them in turn. */
  sources: string[];
  /** How many lines in all. */
  lines: number;
  /**
   * How many there may be at the most where a fault outlasts the load: the writer goes on at its rate until it is told by `endAt` when to
   * end. It ends with `lines` if absent.
   */
  mostLines?: number | undefined;
  /** The rate of all sources together. */
  linesPerSecond: number;
  /** What the clock of the lines is to have of it. */
  backlog?: Backlog | undefined;
}

/**
 * How the lines of a run can get into the pipeline: Everyline's generator or NestJS applications write them to files, or generators in
 * containers write them to stdout.
 */
export const sourceNames = ["generator", "nestjs", "stdout"] as const;

export type SourceName = (typeof sourceNames)[number];

/** How an application writes its lines. */
export interface AppSettings {
  /** A file that has become larger than this is rotated by whoever writes it, without being told; never if absent. */
  rotateBytes?: number | undefined;
  /** It writes blocks of this size, wherever lines end; whole lines if absent. */
  blockBytes?: number | undefined;
}

/**
 * How a log file is rotated: moved away and created anew, or only the one or the other, where what is written in between goes to the
 * file that was moved away; or copied away and cut to nothing; or as the writer does it of its own accord when a file has become too large.
 */
export type RotationMethod = "rename-create" | "rename" | "create" | "copytruncate" | "own";

/** What a rotation did to one source's file. */
export interface Rotation {
  source: string;
  /** The size of the file when it was rotated. */
  bytes: number;
  /** The last sequence that was written before. */
  afterSequence: number;
}

/** Where a source's file ends: before a line, or inside one. */
export interface LineEnd {
  source: string;
  /** The line that is not there, or not whole. */
  sequence: number;
  /** How many bytes of it there are. */
  bytes: number;
  /** How many it has in all. */
  lineBytes: number;
}

/** What became of the process that writes a source's lines when it was killed, and was started again. */
export interface Crash {
  source: string;
  /** The process that was killed. */
  pid: number;
  exitCode: number;
  /** Unix milliseconds of this machine's clock. */
  endedAtMs: number;
  startedAtMs: number;
  /** Where the file ended in between. */
  end: LineEnd;
}

/** How many lines of a source one write may carry; what a blocked thread missed is caught up in pieces of this size. */
export const maxLinesPerWrite = 1_000;

/** The clock of a plan's lines, if the first of them is due now. */
export function clockFromNow({ linesPerSecond, sources, backlog }: LoadPlan): LineClock {
  return {
    epochMs: Date.now(),
    linesPerSecond: linesPerSecond / sources.length,
    ...(backlog === undefined ? {} : { backlog }),
  };
}

/** How many of `lines` lines the source at `index` of `sourceCount` gets. */
export function shareOf(lines: number, index: number, sourceCount: number): number {
  return Math.floor(lines / sourceCount) + (index < lines % sourceCount ? 1 : 0);
}
