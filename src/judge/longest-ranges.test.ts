import fc from "fast-check";
import { expect, it } from "vitest";
import { LongestRanges } from "./longest-ranges.ts";
import { maxTimedRanges } from "./timeline-document.ts";

it("keeps the longest ranges and counts what is beyond them, line by line", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 * maxTimedRanges });
  fc.assert(
    fc.property(lengths, (lengths) => {
      const longest = new LongestRanges();
      for (const [index, length] of lengths.entries()) {
        const from = index * 100 + 1;
        longest.add({ source: "app-1", from, to: from + length - 1 });
      }
      const { ranges, omittedRanges, omittedLines } = longest.end();
      const kept = ranges.map(({ from, to }) => to - from + 1);
      expect(kept).toEqual(lengths.toSorted((one, other) => other - one).slice(0, maxTimedRanges));
      expect(ranges.length + omittedRanges).toBe(lengths.length);
      expect([...kept, omittedLines].reduce((sum, lines) => sum + lines, 0)).toBe(
        lengths.reduce((sum, lines) => sum + lines, 0),
      );
    }),
  );
});
