import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  heightAt,
  interceptInterval,
  type Point,
  predictionAt,
  slopeInterval,
  straightLine,
} from "./straight-line.ts";

const points = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: -1_000, max: 1_000 })), {
    minLength: 3,
    maxLength: 12,
  })
  .filter((pairs) => new Set(pairs.map(([x]) => x)).size > 1);

function squares(pairs: readonly Point[], intercept: number, slope: number): number {
  return pairs.reduce((sum, [x, y]) => sum + (y - intercept - slope * x) ** 2, 0);
}

describe("a straight line", () => {
  it("is not farther from the points than any other near it", () => {
    fc.assert(
      fc.property(points, fc.double({ min: -1, max: 1, noNaN: true }), (pairs, away) => {
        const line = straightLine(pairs);
        const least = squares(pairs, line.intercept, line.slope);
        expect(line.deviation ** 2 * (pairs.length - 2)).toBeCloseTo(least, 3);
        for (const [up, steeper] of [
          [away, 0],
          [0, away / 100],
          [away, -away / 500],
        ] as const)
          expect(squares(pairs, line.intercept + up, line.slope + steeper)).toBeGreaterThanOrEqual(
            least - 1e-6 * (1 + least),
          );
      }),
    );
  });

  it("has intervals around it, which are wider farther away from the points", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 1_000 }), (pairs, beyond) => {
        const line = straightLine(pairs);
        const near = predictionAt(line, line.meanX);
        const far = predictionAt(line, line.meanX + beyond);
        expect((far.low + far.high) / 2).toBeCloseTo(heightAt(line, line.meanX + beyond), 3);
        expect(far.high - far.low).toBeGreaterThanOrEqual(near.high - near.low);
        const [slope, intercept] = [slopeInterval(line), interceptInterval(line)];
        expect(slope.low).toBeLessThanOrEqual(line.slope);
        expect(intercept.high).toBeGreaterThanOrEqual(line.intercept);
      }),
    );
  });

  it("has the figures of an example that was worked out with another program", () => {
    const heights = [1.1, 1.9, 3.2, 3.9, 5.3, 5.8];
    const line = straightLine(heights.map((y, index) => [index + 1, y] as const));
    const near = (value: number) => expect.closeTo(value, 2);
    expect(line).toMatchObject({ intercept: near(0.0933), slope: near(0.98286), deviation: near(0.2169) });
    expect(predictionAt(line, 20)).toEqual({ low: near(17.288), high: near(22.213) });
    expect(slopeInterval(line)).toEqual({ low: near(0.8389), high: near(1.1268) });
    expect(interceptInterval(line).low).toBeCloseTo(-0.4673, 2);
  });

  it("needs three points of two different x", () => {
    expect(() =>
      straightLine([
        [1, 1],
        [2, 2],
      ]),
    ).toThrow(RangeError);
    expect(() =>
      straightLine([
        [1, 1],
        [1, 2],
        [1, 3],
      ]),
    ).toThrow(RangeError);
  });
});
