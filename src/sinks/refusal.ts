import type { ReadError } from "../base/read-error.ts";

/** What the sink, or whoever stands before it, answered each time it was asked of late, in place of what was asked for. */
export interface Refusal {
  error: ReadError;
  /** Since when it is answered so, in Unix milliseconds. */
  sinceMs: number;
}

/** They change while something starts, or say themselves that they will: worth to be waited for. */
const passing = [408, 429, 499];
const shortMs = 6_000;
const longMs = 15_000;

/**
 * Whether waiting cannot help: the same answer for a while, which is no sign of a sink that starts.
 *
 * @param nowMs Unix milliseconds
 */
export function isLasting({ error, sinceMs }: Refusal, nowMs: number): boolean {
  const { status } = error;
  if (error.problem.code === "unpublished") return nowMs - sinceMs >= shortMs;
  if (status === undefined || status >= 500 || passing.includes(status)) return false;
  // What stands before the sink may know nothing of it yet.
  const patienceMs = status === 404 || status < 400 ? longMs : shortMs;
  return nowMs - sinceMs >= patienceMs;
}
