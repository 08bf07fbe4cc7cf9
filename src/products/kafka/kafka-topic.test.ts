import { expect, it } from "vitest";
import { lagOf } from "./kafka-topic.ts";

const ends = [
  { partition: 0, low: 0n, high: 10n },
  { partition: 1, low: 5n, high: 9n },
];

it("counts the records behind what a group has committed, and all of a partition of which it has committed nothing", () => {
  expect(
    lagOf(
      ends,
      new Map([
        [0, 4n],
        [1, 9n],
      ]),
    ),
  ).toBe(6);
  expect(
    lagOf(
      ends,
      new Map([
        [0, 10n],
        [1, -1n],
      ]),
    ),
  ).toBe(4);
  expect(
    lagOf(
      ends,
      new Map([
        [0, 10n],
        [1, 2n],
      ]),
    ),
  ).toBe(4);
  expect(lagOf(ends, new Map([[0, 10n]]))).toBe(4);
});

it("knows no lag of a group that has committed nothing, or whose offsets have expired", () => {
  expect(lagOf(ends, new Map())).toBeUndefined();
  expect(
    lagOf(
      ends,
      new Map([
        [0, -1n],
        [1, -1n],
      ]),
    ),
  ).toBeUndefined();
});
