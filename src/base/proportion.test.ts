import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "./proportion.ts";

const counts = fc
  .integer({ min: 1, max: 400 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));

/** The shares that a two-sided score test at 5 % does not reject, found by trying: what the interval is defined by. */
function intervalByTrying(successes: number, trials: number) {
  const steps = 20_000;
  const shares = Array.from({ length: steps - 1 }, (_, index) => (index + 1) / steps);
  const kept = shares.filter(
    (share) => Math.abs(successes / trials - share) <= 1.959964 * Math.sqrt((share * (1 - share)) / trials),
  );
  return { low: kept.at(0)!, high: kept.at(-1)! };
}

describe("the confidence interval of a share", () => {
  it("has the bounds that textbooks print", () => {
    expect(wilsonInterval(10, 10).low).toBeCloseTo(0.7225, 4);
    expect(wilsonInterval(0, 10).high).toBeCloseTo(0.2775, 4);
    expect(wilsonInterval(8, 10)).toMatchObject({
      low: expect.closeTo(0.4902, 4),
      high: expect.closeTo(0.9433, 4),
    });
    expect(wilsonInterval(1, 1).low).toBeCloseTo(0.2065, 4);
  });

  it("contains exactly the shares that a score test does not reject", () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        const tried = intervalByTrying(successes, trials);
        expect(Math.abs(low - tried.low)).toBeLessThan(2e-4);
        expect(Math.abs(high - tried.high)).toBeLessThan(2e-4);
      }),
      { numRuns: 30 },
    );
  });

  it("lies within 0 and 1, around the share that was seen", () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
      }),
    );
  });

  it.each([
    [1, 0],
    [-1, 3],
    [4, 3],
    [Number.NaN, 3],
  ])("refuses %d of %d", (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
  });
});
