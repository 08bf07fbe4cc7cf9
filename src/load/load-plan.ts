import type { LineShape } from "./line.ts";
import type { Backlog, LineClock } from "./line-clock.ts";

/** What is to be written. */
export interface LoadPlan {
  /** An existing folder; each source writes a file in it. */
  folder: string;
  /** The names of the files, as `pipeline/file-name.ts` has them; `SOURCE.log` if absent. */
  fileNames?: string | undefined;
  /** The template of the lines; Everyline's own JSON if absent. */
  line?: LineShape | undefined;
  seed: string;
  /** The names of the sources; lines are distributed over them in turn. */
  sources: string[];
  /** The number of lines over all sources. */
  lines: number;
  /**
   * The maximum number of lines if a fault lasts longer than the load: the writer continues at its rate until `endAt` sets the last line.
   * If absent, it ends after `lines`.
   */
  mostLines?: number | undefined;
  /** The rate of all sources together. */
  linesPerSecond: number;
  /** The backlog of the lines' clock. */
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
  /** The writer itself rotates a file that has become larger than this; never if absent. */
  rotateBytes?: number | undefined;
  /** It writes blocks of this size, regardless of line ends; whole lines if absent. */
  blockBytes?: number | undefined;
}

/**
 * How a log file is rotated. `rename-create` renames it and creates a new one. `rename` and `create` do only one of the two; lines written
 * in between go to the renamed file. `copytruncate` copies it and truncates it to zero bytes. `own` means that the writer rotates it by
 * itself when it has become too large.
 */
export type RotationMethod = "rename-create" | "rename" | "create" | "copytruncate" | "own";

/** What a rotation did to one source's file. */
export interface Rotation {
  source: string;
  /** The size of the file when it was rotated. */
  bytes: number;
  /** The last sequence that was written before the rotation. */
  afterSequence: number;
}

/** The end of a source's file: before a line, or inside one. */
export interface LineEnd {
  source: string;
  /** The line that is missing or incomplete. */
  sequence: number;
  /** How many bytes of it are in the file. */
  bytes: number;
  /** How many bytes the complete line has. */
  lineBytes: number;
}

/** The crash of a process that writes a source's lines: it was killed and started again. */
export interface Crash {
  source: string;
  /** The process that was killed. */
  pid: number;
  exitCode: number;
  /** Unix milliseconds of this machine's clock. */
  endedAtMs: number;
  startedAtMs: number;
  /** The end of the file in between. */
  end: LineEnd;
}

/** The maximum number of lines of a source in one write; a thread that was blocked catches up in writes of this size. */
export const maxLinesPerWrite = 1_000;

/** The clock of a plan's lines if the first line is due now. */
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
