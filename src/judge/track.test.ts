import { expect, it } from "vitest";
import { nearestValue, type SeriesTrack, trackSchema } from "./track.ts";

const series: SeriesTrack = {
  kind: "series",
  id: "lines.readable",
  title: "readable",
  group: "Lines",
  unit: "lines",
  isTotal: true,
  at: [1_000, 2_000, 4_000],
  values: [1, null, 3],
};

it("finds the value that was taken nearest to a moment, the earlier of two that are equally near", () => {
  expect([0, 1_400, 1_500, 3_100, 9_000].map((ms) => nearestValue(series, ms))).toEqual([
    1,
    1,
    undefined,
    3,
    3,
  ]);
  expect(nearestValue({ ...series, at: [], values: [] }, 5)).toBeUndefined();
});

it("refuses a series whose numbers of values and of moments differ", () => {
  expect(trackSchema.parse(series)).toEqual(series);
  expect(() => trackSchema.parse({ ...series, values: [1] })).toThrow(/as many values as moments/);
});
