import fc from "fast-check";
import { expect, it } from "vitest";
import type { SequenceRange } from "./check.ts";
import { commonRanges, linesIn } from "./common-ranges.ts";

const longest = 12;
const sources = ["a", "b"];

/** The ranges of a set of lines, given as one mark for each line of each source. */
function rangesOf(marks: boolean[]): SequenceRange[] {
  const ranges: SequenceRange[] = [];
  for (const [index, isMarked] of marks.entries()) {
    const source = sources[Math.floor(index / longest)]!;
    const sequence = (index % longest) + 1;
    const last = ranges.at(-1);
    if (!isMarked) continue;
    if (last?.source === source && last.to === sequence - 1) last.to = sequence;
    else ranges.push({ source, from: sequence, to: sequence });
  }
  return ranges;
}

it("are the lines that every list has, as a comparison line by line has them", () => {
  const size = longest * sources.length;
  const marks = fc.array(fc.boolean(), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(fc.array(marks, { minLength: 1, maxLength: 3 }), (lists) => {
      const inAll = lists[0]!.map((_, index) => lists.every((list) => list[index]));
      const common = commonRanges(lists.map(rangesOf));
      // Two neighbouring ranges may be apart in the result where they were in one of the lists.
      expect(rangesOf(marksOf(common, size))).toEqual(rangesOf(inAll));
      expect(linesIn(common)).toBe(inAll.filter(Boolean).length);
    }),
  );
});

function marksOf(ranges: SequenceRange[], size: number): boolean[] {
  return Array.from({ length: size }, (_, index) =>
    ranges.some(
      ({ source, from, to }) =>
        source === sources[Math.floor(index / longest)] &&
        from <= (index % longest) + 1 &&
        (index % longest) + 1 <= to,
    ),
  );
}
