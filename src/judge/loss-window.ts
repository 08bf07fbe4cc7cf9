import { type Ledger, notWrittenBeforeMs, writtenAtMs } from "../load/ledger.ts";
import type { SequenceRange } from "./check.ts";

/**
 * The length of the time in which the lines of some ranges were written: the longest of any source, from before its first line to after its
 * last, so it is never too short.
 *
 * @param ranges ascending in each source
 * @returns seconds; 0 if there is no range, infinite if the ledger does not contain the times
 */
export function windowSeconds(ledger: Ledger, ranges: readonly SequenceRange[]): number {
  const windows = ledger.sources.map((source) => {
    const ofSource = ranges.filter((range) => range.source === source.source);
    if (ofSource.length === 0) return 0;
    const fromMs = notWrittenBeforeMs(source, ofSource[0]!.from) ?? Number.NEGATIVE_INFINITY;
    const toMs = writtenAtMs(source, ofSource.at(-1)!.to) ?? Number.POSITIVE_INFINITY;
    return (toMs - fromMs) / 1_000;
  });
  return Math.max(0, ...windows);
}
