import type { Ledger } from "../load/ledger.ts";
import type { Arrivals } from "../observe/arrivals.ts";
import type { Observation } from "./observation.ts";

/** A look that was under way when Loki started may have been answered by what ran before. */
const graceMs = 1_000;

/**
 * A line that could be read while the run went on can be read when it is over, unless Loki was started anew in between and lost it. One
 * that cannot was not lost on its way: a reading has missed it, or Loki has deleted it.
 *
 * @param startedAtMs when Loki last started, in Unix milliseconds
 * @returns the doubt in a sentence, if there is one
 */
export function unreadAgain(
  { sources }: Ledger,
  arrivals: Pick<Arrivals, "atMs">,
  observations: Observation[],
  startedAtMs: number,
): string[] {
  if (observations.length === 0) return [];
  let lines = 0;
  let first: string | undefined;
  for (const { source, written } of sources) {
    for (let sequence = 1; sequence <= written; sequence++) {
      const atMs = arrivals.atMs(source, sequence);
      if (atMs === undefined || atMs < startedAtMs + graceMs) continue;
      if (observations.some((observation) => observation.isDelivered(source, sequence))) continue;
      lines++;
      first ??= `${source} line ${sequence} at ${new Date(atMs).toISOString()}`;
    }
  }
  if (lines === 0) return [];
  return [
    `${lines} lines could be read while the run went on, and not when it was over, though Loki was not started anew in ` +
      `between; the first is ${first}. Nobody can tell whether they are lost.`,
  ];
}
