import type { Ledger } from "../load/ledger.ts";
import type { Observation } from "./observation.ts";
import type { ReadingDoubt } from "./reasons.ts";
import type { ArrivalTimes } from "./recording.ts";

/** A look that was under way when the sink started may have been answered by what ran before. */
const graceMs = 1_000;

/**
 * A line that could be read while the run went on can be read when it is over, unless the sink was started anew in between and lost it. One
 * that cannot was not lost on its way: a reading has missed it, or the sink has deleted it.
 *
 * @param startedAtMs when the sink last started, in Unix milliseconds
 */
export function unreadAgain(
  { sources }: Ledger,
  arrivals: ArrivalTimes,
  observations: Observation[],
  startedAtMs: number,
): ReadingDoubt[] {
  if (observations.length === 0) return [];
  let lines = 0;
  let first: { source: string; sequence: number; atMs: number } | undefined;
  for (const { source, written } of sources) {
    for (let sequence = 1; sequence <= written; sequence++) {
      const atMs = arrivals.atMs(source, sequence);
      if (atMs === undefined || atMs < startedAtMs + graceMs) continue;
      if (observations.some((observation) => observation.isDelivered(source, sequence))) continue;
      lines++;
      first ??= { source, sequence, atMs };
    }
  }
  return first === undefined ? [] : [{ code: "unread-again", lines, first }];
}
