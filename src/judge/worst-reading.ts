import type { Findings } from "./check.ts";
import type { Counts } from "./counts.ts";

/**
 * Which of several readings tells of the duplicates: the first of those with most, as a sink may hide some when it merges what it has in
 * memory with what it has in its store.
 *
 * @param counts of at least one reading
 */
export function worstReading(counts: readonly Pick<Counts, "duplicated">[]): number {
  const duplicated = counts.map((each) => each.duplicated);
  return duplicated.indexOf(Math.max(...duplicated));
}

/**
 * What several readings find together: the findings of the worst, with the most that any reading saw of each damage, as a line may come
 * back intact from memory and spoilt from the store.
 */
export function worstFindings(all: Findings[]): Findings {
  const worst = all[worstReading(all.map(({ counts }) => counts))]!;
  const most = (kind: keyof Counts) => Math.max(...all.map(({ counts }) => counts[kind]));
  const counts = {
    ...worst.counts,
    corrupted: most("corrupted"),
    truncated: most("truncated"),
    merged: most("merged"),
    unexpected: most("unexpected"),
  };
  return { ...worst, counts };
}
