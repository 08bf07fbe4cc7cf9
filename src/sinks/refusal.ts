import type { ReadError } from "../base/read-error.ts";

/** The error that the sink, or a proxy in front of it, has returned for every recent query. */
export interface Refusal {
  error: ReadError;
  /** Since when it returns this error, in Unix milliseconds. */
  sinceMs: number;
}

/** HTTP statuses that are usually temporary, so waiting makes sense. */
const passing = [408, 429, 499];
const shortMs = 6_000;
const longMs = 15_000;

/**
 * Whether waiting is useless: the error has stayed the same for a while, and is not one that occurs while a sink starts.
 *
 * @param nowMs Unix milliseconds
 */
export function isLasting({ error, sinceMs }: Refusal, nowMs: number): boolean {
  const { status } = error;
  if (error.problem.code === "unpublished") return nowMs - sinceMs >= shortMs;
  if (status === undefined || status >= 500 || passing.includes(status)) return false;
  // A proxy in front of the sink may not know the sink yet.
  const patienceMs = status === 404 || status < 400 ? longMs : shortMs;
  return nowMs - sinceMs >= patienceMs;
}
