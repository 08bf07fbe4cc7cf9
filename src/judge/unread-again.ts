import type { Ledger } from "../load/ledger.ts";
import type { Observation } from "./observation.ts";
import type { ReadingDoubt } from "./reasons.ts";
import type { ArrivalTimes } from "./recording.ts";

/** A poll that was in progress when the sink started may have been answered by the process before. */
const graceMs = 1_000;

/**
 * Finds lines that were readable during the run, but were not read at its end, although the sink was not restarted in between. Such a line
 * was not lost on its way to the sink: a reading missed it, or the sink deleted it.
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
