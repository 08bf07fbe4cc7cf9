import fc from "fast-check";
import { expect, it } from "vitest";
import { Tally } from "./tally.ts";

/** Sequences around the beginning, the end of a page of bytes, and the end of a page of bits. */
const windows = [
  { from: 1, to: 200 },
  { from: 65_440, to: 65_640 },
  { from: 524_190, to: 524_390 },
];
const sequence = fc.oneof(...windows.map(({ from }) => fc.integer({ min: from, max: from + 120 })));
const run = fc.tuple(sequence, fc.nat(70)).map(([from, more]) => ({ from, to: from + more }));

interface Seen {
  copies: Map<number, number>;
  outOfOrder: Set<number>;
  highest: number;
}

/** The same, line by line, in maps. */
function seenOf(runs: { from: number; to: number }[]): Seen {
  const seen: Seen = { copies: new Map(), outOfOrder: new Set(), highest: 0 };
  for (const { from, to } of runs) {
    for (let each = from; each <= to; each++) {
      if (!seen.copies.has(each) && each < seen.highest) seen.outOfOrder.add(each);
      seen.copies.set(each, (seen.copies.get(each) ?? 0) + 1);
      seen.highest = Math.max(seen.highest, each);
    }
  }
  return seen;
}

it("counts runs of lines as it counts each line of them", () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 6 }), fc.array(sequence, { maxLength: 6 }), (runs, singles) => {
      const tally = new Tally();
      for (const { from, to } of runs) tally.addRun(from, to);
      for (const single of singles) tally.add(single);
      const { copies, outOfOrder, highest } = seenOf([
        ...runs,
        ...singles.map((single) => ({ from: single, to: single })),
      ]);
      const copiesInAll = [...copies.values()].reduce((sum, count) => sum + count, 0);
      expect(tally).toMatchObject({ distinct: copies.size, copiesInAll, highest });
      for (const { from, to } of windows) {
        const all = Array.from({ length: to - from + 1 }, (_, index) => from + index);
        expect(all.filter((each) => tally.copiesOf(each) !== (copies.get(each) ?? 0))).toEqual([]);
        expect(all.filter((each) => tally.isOutOfOrder(each) !== outOfOrder.has(each))).toEqual([]);
        const anomalies = all.filter((each) => copies.get(each) !== 1 || outOfOrder.has(each));
        expect(anomaliesOf(tally, from, to)).toEqual(anomalies);
      }
      expect(tally.nextAnomaly(1, 0)).toBe(1);
    }),
  );
});

function anomaliesOf(tally: Tally, from: number, to: number): number[] {
  const found: number[] = [];
  for (let next = tally.nextAnomaly(from, to); next <= to; next = tally.nextAnomaly(next + 1, to))
    found.push(next);
  return found;
}

it("holds a run that is longer than a page of bits", () => {
  const tally = new Tally();
  tally.addRun(1, 3);
  tally.addRun(5, 1_200_000);
  expect(tally.copiesOf(1_200_000)).toBe(1);
  expect(tally.copiesOf(1_200_001)).toBe(0);
  expect(anomaliesOf(tally, 1, 1_200_002)).toEqual([4, 1_200_001, 1_200_002]);
});
