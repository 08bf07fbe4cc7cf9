import type { SequenceRange } from "./check.ts";

/**
 * The lines that are in all of several lists of ranges.
 *
 * @param lists at least one; in each the ranges of a source are ascending, without overlap
 */
export function commonRanges(lists: readonly (readonly SequenceRange[])[]): SequenceRange[] {
  return lists
    .slice(1)
    .reduce<readonly SequenceRange[]>(commonOfTwo, lists[0]!)
    .map((range) => ({ ...range }));
}

/** How many lines are in ranges without overlap. */
export function linesIn(ranges: readonly SequenceRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

function commonOfTwo(one: readonly SequenceRange[], other: readonly SequenceRange[]): SequenceRange[] {
  return [...new Set(one.map(({ source }) => source))].flatMap((source) => {
    const [some, others] = [one, other].map((ranges) => ranges.filter((range) => range.source === source));
    return commonOfSource(some!, others!);
  });
}

function commonOfSource(some: SequenceRange[], others: SequenceRange[]): SequenceRange[] {
  const common: SequenceRange[] = [];
  for (let one = 0, other = 0; one < some.length && other < others.length; ) {
    const [a, b] = [some[one]!, others[other]!];
    const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
    if (from <= to) common.push({ source: a.source, from, to });
    if (a.to < b.to) one++;
    else other++;
  }
  return common;
}
