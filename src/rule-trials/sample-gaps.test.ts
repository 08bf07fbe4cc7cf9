import { expect, it } from "vitest";
import { hasSamples, sampleGaps } from "./sample-gaps.ts";

const span = { fromMs: 1_000, toMs: 9_000 };

it("finds no gap where something was read often enough", () => {
  expect(sampleGaps([7_000, 3_000, 5_000], span, 2_000)).toEqual([]);
});

it("finds the times in which nothing was read: at the beginning, within, and at the end", () => {
  expect(sampleGaps([4_000, 7_000], span, 1_999)).toEqual([
    { fromMs: 1_000, toMs: 4_000 },
    { fromMs: 4_000, toMs: 7_000 },
    { fromMs: 7_000, toMs: 9_000 },
  ]);
});

it("takes what was read outside of the span for nothing", () => {
  expect(sampleGaps([0, 10_000], span, 2_000)).toEqual([span]);
  expect(sampleGaps([], span, 8_000)).toEqual([]);
});

it("tells a span without any sample from one whose last sample is from shortly before", () => {
  expect(hasSamples([], span, 2_000)).toBe(false);
  expect(hasSamples([-1_001, 9_001], span, 2_000)).toBe(false);
  expect(hasSamples([-1_000], span, 2_000)).toBe(true);
  expect(hasSamples([5_000], span, 2_000)).toBe(true);
});
