import type { Findings } from "./check.ts";
import { commonRanges, linesIn } from "./common-ranges.ts";
import type { Counts } from "./counts.ts";

/**
 * The index of the reading whose duplicates count: the first of those with the most. A sink may hide duplicates when it merges lines in
 * memory with lines in its store.
 *
 * @param counts of at least one reading
 */
export function worstReading(counts: readonly Pick<Counts, "duplicated">[]): number {
  const duplicated = counts.map((each) => each.duplicated);
  return duplicated.indexOf(Math.max(...duplicated));
}

/**
 * The combined findings of several readings: those of the worst reading, with the highest count of each kind of damage of any reading. A
 * line may be intact in memory and damaged in the store. Only what every reading lacks is lost.
 */
export function worstFindings(all: Findings[]): Findings {
  const worst = all[worstReading(all.map(({ counts }) => counts))]!;
  const most = (kind: keyof Counts) => Math.max(...all.map(({ counts }) => counts[kind]));
  const lost = commonRanges(all.map((findings) => findings.lost));
  const lostCount = linesIn(lost);
  const counts = {
    ...worst.counts,
    lost: lostCount,
    delivered: worst.counts.delivered + worst.counts.lost - lostCount,
    corrupted: most("corrupted"),
    truncated: most("truncated"),
    merged: most("merged"),
    unexpected: most("unexpected"),
  };
  return { ...worst, lost, counts };
}
