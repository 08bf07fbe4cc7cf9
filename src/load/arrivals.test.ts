import { expect, it } from "vitest";
import { Arrivals } from "./arrivals.ts";

it("keeps the first time each line was seen, even at the very beginning", () => {
  const arrivals = new Arrivals(1_000, new Map([["a", 2]]));
  expect(arrivals.atMs("a", 1)).toBeUndefined();
  expect(arrivals.add("a", 1, 1_000)).toBe(true);
  expect(arrivals.add("a", 1, 5_000)).toBe(false);
  expect(arrivals.atMs("a", 1)).toBe(1_001);
  expect(arrivals.count).toBe(1);
});

it("passes over what the load does not write", () => {
  const arrivals = new Arrivals(0, new Map([["a", 2]]));
  expect([arrivals.add("b", 1, 5), arrivals.add("a", 0, 5), arrivals.add("a", 3, 5)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(arrivals.count).toBe(0);
});

it("tells of all lines that were seen, a range at a time of those that were seen together", () => {
  const arrivals = new Arrivals(
    1_000,
    new Map([
      ["a", 6],
      ["b", 2],
    ]),
  );
  for (const sequence of [1, 2, 5]) arrivals.add("a", sequence, 1_500);
  arrivals.add("a", 6, 1_700);
  arrivals.add("b", 2, 1_500);
  expect([...arrivals.ranges()]).toEqual([
    { source: "a", from: 1, to: 2, atMs: 1_500 },
    { source: "a", from: 5, to: 5, atMs: 1_500 },
    { source: "a", from: 6, to: 6, atMs: 1_700 },
    { source: "b", from: 2, to: 2, atMs: 1_500 },
  ]);
});
