import { expect, it } from "vitest";
import { partsOfRange } from "./query-range.ts";

it("leaves a short time whole", () => {
  expect(partsOfRange({ fromMs: 500, toMs: 60_500, stepMs: 1_000 })).toEqual([
    { fromMs: 500, toMs: 60_500, stepMs: 1_000 },
  ]);
});

it("divides a long time so that each step is in one part, and no part has more than 11,000", () => {
  const parts = partsOfRange({ fromMs: 500, toMs: 25_000_700, stepMs: 1_000 });
  const steps = parts.map(({ fromMs, toMs, stepMs }) =>
    Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index) => fromMs + index * stepMs),
  );
  expect(Math.max(...steps.map(({ length }) => length))).toBeLessThanOrEqual(11_000);
  expect(steps.flat()).toEqual(Array.from({ length: 25_001 }, (_, index) => 500 + index * 1_000));
});

it("has no part without a step", () => {
  expect(partsOfRange({ fromMs: 0, toMs: 10_000_000, stepMs: 1_000 })).toHaveLength(2);
  expect(partsOfRange({ fromMs: 0, toMs: 9_999_999, stepMs: 1_000 })).toHaveLength(1);
});
