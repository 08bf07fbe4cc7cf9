import fc from "fast-check";
import { expect, it } from "vitest";
import { rangesToDelete } from "./delete-records.ts";

const partition = (low: number, high: number, number = 0) => ({
  ...{ partition: number, low: BigInt(low) },
  high: BigInt(high),
});

it("is the older half of what the group has not committed, rounded up, and all before it", () => {
  expect(rangesToDelete([partition(0, 10)], new Map([[0, 4n]]))).toEqual([
    { partition: 0, from: 0, upTo: 7 },
  ]);
  expect(rangesToDelete([partition(3, 4)], new Map())).toEqual([{ partition: 0, from: 3, upTo: 4 }]);
  expect(rangesToDelete([partition(6, 10)], new Map([[0, 2n]]))).toEqual([
    { partition: 0, from: 6, upTo: 8 },
  ]);
});

it("is nothing where all is delivered", () => {
  const offsets = [partition(0, 10, 0), partition(5, 5, 1), partition(0, 2, 2)];
  const committed = new Map([
    [0, 10n],
    [2, 1n],
  ]);
  expect(rangesToDelete(offsets, committed)).toEqual([{ partition: 2, from: 0, upTo: 2 }]);
});

it("always holds a record that is not delivered, and never more than half of those of two and more", () => {
  const offset = fc.nat(1_000);
  fc.assert(
    fc.property(offset, offset, offset, (low, records, committed) => {
      const high = low + records;
      const at = Math.min(committed, high);
      const next = Math.max(low, at);
      const ranges = rangesToDelete([partition(low, high)], new Map([[0, BigInt(at)]]));
      if (next === high) return ranges.length === 0;
      const [{ from, upTo }] = ranges as [(typeof ranges)[number]];
      return from === low && upTo > next && upTo <= high && upTo - next <= (high - next + 1) / 2;
    }),
  );
});
