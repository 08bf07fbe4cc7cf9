import { join } from "node:path";
import type { Ledger } from "../load/ledger.ts";
import { type LoadPlan, shareOf } from "../load/load-plan.ts";
import { randomSeed } from "../load/seed.ts";
import type { TrialInput } from "./search/trial-result.ts";

/** A thread that writes every few milliseconds is not late if it writes this long after a line was due. */
const lateAfterMs = 250;

/** How the lines of trials are written. */
export interface TrialFiles {
  /** The folder that the shipper reads. */
  folder: string;
  /** How many files are written at the same time. */
  sources: number;
}

/** What is written in a trial: files of its own with a seed of its own, so that no line can be taken for one of another trial. */
export function trialLoad({ folder, sources }: TrialFiles, trial: TrialInput, number: number): LoadPlan {
  return {
    folder,
    seed: randomSeed(),
    sources: Array.from({ length: sources }, (_, index) => `trial-${number}-app-${index + 1}`),
    lines: Math.max(1, Math.round(trial.load * trial.durationSeconds)),
    linesPerSecond: trial.load,
  };
}

/** The files that a trial has written. */
export function filesOf({ folder, sources }: LoadPlan): string[] {
  return sources.map((source) => join(folder, `${source}.log`));
}

/** How many lines were not written when they were all due, by the marks of the ledger; never too few. */
export function writtenLate(
  { sources }: Ledger,
  { lines, linesPerSecond, sources: { length } }: LoadPlan,
): number {
  return sources.reduce((sum, { marks }, index) => {
    const share = shareOf(lines, index, length);
    const dueAtMs = (marks[0]?.[1] ?? 0) + (share / (linesPerSecond / length)) * 1_000 + lateAfterMs;
    const inTime = marks.findLast(([, atMs]) => atMs <= dueAtMs)?.[0] ?? 0;
    return sum + share - inTime;
  }, 0);
}

/**
 * Trial Effective Duration, in seconds: as long as lines were written, but not less than was intended. The last line is due a moment before the
 * end, and a goal's duration sum is a multiple of what was intended.
 */
export function effectiveSeconds(ledger: Ledger, { durationSeconds }: TrialInput): number {
  return Math.max(durationSeconds, writingSeconds(ledger));
}

/** How long the lines of a trial were written, in seconds: as long as its sources took together. */
export function writingSeconds({ sources }: Ledger): number {
  const begins = sources.flatMap(({ marks }) => marks.slice(0, 1)).map(([, atMs]) => atMs);
  const ends = sources.flatMap(({ marks }) => marks.slice(-1)).map(([, atMs]) => atMs);
  return begins.length === 0 ? 0 : (Math.max(...ends) - Math.min(...begins)) / 1_000;
}
