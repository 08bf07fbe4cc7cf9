import fc from "fast-check";
import { expect, it } from "vitest";
import { straightLine } from "./straight-line.ts";

it("is found again from points that lie on it", () => {
  const whole = fc.integer({ min: -1_000, max: 1_000 });
  const xs = fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(whole, whole, xs, (start, slope, xs) => {
      const line = straightLine(xs.map((x) => [x, start + slope * x] as const))!;
      expect(line.slope).toBeCloseTo(slope, 3);
      expect(line.start + line.slope * 1_000).toBeCloseTo(start + slope * 1_000, 0);
    }),
  );
});

it("has no smaller sum of squares beside it", () => {
  const points = [
    [0, 1],
    [1, 3],
    [2, 2],
    [4, 9],
  ] as const;
  const { start, slope, worst } = straightLine(points)!;
  const squares = (start: number, slope: number) =>
    points.reduce((sum, [x, y]) => sum + (y - start - slope * x) ** 2, 0);
  for (const more of [-0.01, 0.01]) {
    expect(squares(start + more, slope)).toBeGreaterThan(squares(start, slope));
    expect(squares(start, slope + more)).toBeGreaterThan(squares(start, slope));
  }
  expect(worst).toBeCloseTo(Math.max(...points.map(([x, y]) => Math.abs(y - start - slope * x))));
});

it("is not drawn through fewer than three sizes", () => {
  expect(
    straightLine([
      [1, 1],
      [1, 2],
      [2, 3],
    ]),
  ).toBeNull();
});
