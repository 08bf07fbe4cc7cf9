import { type Ledger, notWrittenBeforeMs, writtenAtMs } from "../load/ledger.ts";
import type { SequenceRange } from "./check.ts";

/**
 * Over how long lines of some ranges were written: the longest time of any source, from before its first line to after its last, so never
 * too short.
 *
 * @param ranges ascending in each source
 * @returns seconds; 0 if there is no range, infinite where the ledger does not tell
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
