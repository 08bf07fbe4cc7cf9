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
