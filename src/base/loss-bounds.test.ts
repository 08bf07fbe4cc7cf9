import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capitalAgainst, exactShareBounds, lowerMeanBound, upperMeanBound } from "./loss-bounds.ts";

const confidence = 0.95;
const ones = (count: number) => Array.from({ length: count }, () => 1);

/** Numbers that look random, the same in each run of the test. */
function* numbersFrom(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

describe("the bounds of a mean", () => {
  it("lie, where no value is below 1, between those of a share with half of the error and with all of it", () => {
    for (const count of [1, 7, 20, 300]) {
      const bound = lowerMeanBound(ones(count), confidence);
      expect(bound).toBeGreaterThanOrEqual(exactShareBounds(count, count, 0.975).low);
      expect(bound).toBeLessThanOrEqual(exactShareBounds(count, count, 0.95).low);
    }
  });

  it("are on both sides of the mean, and closer for more confidence that is waived", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, (shares) => {
        const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
        expect(lowerMeanBound(shares, confidence)).toBeLessThanOrEqual(mean + 1e-9);
        expect(upperMeanBound(shares, confidence)).toBeGreaterThanOrEqual(mean - 1e-9);
        expect(lowerMeanBound(shares, 0.8)).toBeGreaterThanOrEqual(lowerMeanBound(shares, confidence));
      }),
    );
  });

  it("are the largest mean that is rejected, found by trying all of them", () => {
    const values = fc.array(fc.constantFrom(0, 0.25, 0.9, 0.999, 1), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(values, (shares) => {
        const steps = 2_000;
        const tried = Array.from({ length: steps }, (_, index) => (index + 1) / steps);
        const rejected = tried.filter((mean) => capitalAgainst(mean, shares) >= 20);
        const bound = lowerMeanBound(shares, confidence);
        expect(Math.abs(bound - (rejected.at(-1) ?? 0))).toBeLessThan(1 / steps + 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  // Shares of lines that runs delivered: how often a run loses anything, and how much it loses then.
  it.each([
    ["no run loses anything", 0, () => 0],
    ["one run in fifty loses a tenth", 0.02, () => 0.1],
    ["one run in fifty loses everything", 0.02, () => 1],
    ["one run in five loses some", 0.2, (random: number) => random],
    ["half of the runs lose a thousandth", 0.5, () => 0.001],
    ["every run loses a little, unevenly", 1, (random: number) => random ** 8],
    ["one run in ten loses a half", 0.1, () => 0.5],
  ])("contain the mean in nearly all simulated measurements: %s", (_, often, lossOf) => {
    for (const runs of [5, 20, 60]) {
      const random = numbersFrom(runs);
      const draw = () => 1 - (random.next().value < often ? lossOf(random.next().value) : 0);
      const many = Array.from({ length: 200_000 }, draw);
      const mean = many.reduce((sum, share) => sum + share, 0) / many.length;
      const measurements = 2_000;
      let [tooHigh, tooLow] = [0, 0];
      for (let measurement = 0; measurement < measurements; measurement++) {
        const shares = Array.from({ length: runs }, draw);
        // The bounds themselves are not needed to know on which side of them the mean is.
        if (mean > 0 && capitalAgainst(mean, shares) > 20) tooHigh++;
        const losses = shares.map((share) => 1 - share);
        if (mean < 1 && capitalAgainst(1 - mean, losses) > 20) tooLow++;
      }
      // 0.01 is twice the standard error of a share of 0.05 in so many measurements.
      expect(tooHigh / measurements).toBeLessThanOrEqual(0.05 + 0.01);
      expect(tooLow / measurements).toBeLessThanOrEqual(0.05 + 0.01);
    }
  });

  it.each([[[]], [[0.5, 1.01]], [[-0.1]], [[Number.NaN]]])("refuse %j", (values) => {
    expect(() => lowerMeanBound(values, confidence)).toThrow(RangeError);
  });
});

describe("the exact bounds of a share", () => {
  it("are those that textbooks print", () => {
    expect(exactShareBounds(0, 20, 0.975).high).toBeCloseTo(0.1684, 4);
    expect(exactShareBounds(20, 20, 0.975).low).toBeCloseTo(0.8316, 4);
    expect(exactShareBounds(3, 10, 0.975)).toMatchObject({
      low: expect.closeTo(0.0667, 4),
      high: expect.closeTo(0.6525, 4),
    });
    // The rule of three, which is an approximation of it.
    expect(exactShareBounds(0, 3_000, confidence).high).toBeCloseTo(3 / 3_000, 5);
  });

  it("contain the share with a probability of at least 95 %, summed up over every possible result", () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), share, (trials, share) => {
        let [inLow, inHigh] = [0, 0];
        let ways = 1;
        for (let successes = 0; successes <= trials; successes++) {
          if (successes > 0) ways *= (trials - successes + 1) / successes;
          const probability = ways * share ** successes * (1 - share) ** (trials - successes);
          const { low, high } = exactShareBounds(successes, trials, confidence);
          if (low <= share) inLow += probability;
          if (high >= share) inHigh += probability;
        }
        expect(inLow).toBeGreaterThan(0.95 - 1e-9);
        expect(inHigh).toBeGreaterThan(0.95 - 1e-9);
      }),
    );
  });

  it.each([
    [1, 0],
    [-1, 3],
    [4, 3],
  ])("refuse %d of %d", (successes, trials) => {
    expect(() => exactShareBounds(successes, trials, confidence)).toThrow(RangeError);
  });
});
