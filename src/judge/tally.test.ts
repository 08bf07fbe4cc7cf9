import { describe, expect, it } from "vitest";
import { Tally } from "./tally.ts";

describe("Tally", () => {
  it("counts copies exactly, beyond what a byte holds", () => {
    const tally = new Tally();
    const before = Array.from({ length: 1_000 }, () => tally.add(7));
    expect(before).toEqual(before.map((_, index) => index));
    expect(tally.copiesOf(7)).toBe(1_000);
    expect(tally).toMatchObject({ distinct: 1, copiesInAll: 1_000, highest: 7 });
  });

  it("holds sequences that lie far apart without the room between", () => {
    const tally = new Tally();
    for (const sequence of [1, 65_535, 65_536, 999_999_999]) tally.add(sequence);
    expect([0, 1, 2, 65_534, 65_535, 65_536, 65_537, 999_999_999].map((n) => tally.copiesOf(n))).toEqual([
      0, 1, 0, 0, 1, 1, 0, 1,
    ]);
  });

  it("takes as out of order the first copies that come after a higher sequence", () => {
    const tally = new Tally();
    for (const sequence of [1, 5, 3, 3, 5, 4, 6, 2]) tally.add(sequence);
    const outOfOrder = [1, 2, 3, 4, 5, 6].filter((sequence) => tally.isOutOfOrder(sequence));
    expect(outOfOrder).toEqual([2, 3, 4]);
  });
});
