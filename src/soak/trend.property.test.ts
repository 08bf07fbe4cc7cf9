import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Sample, trendOf } from "./trend.ts";

const confidence = 0.95;
const series = 400;
/** Of 400 series with a true share of 5 %, more than 30 show it in one case of 100. */
const mostOfSeries = 30;

/** Normally distributed noise from a seed, so that a failure comes again. */
function noiseOf(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** An autoregressive series over one hour; with a correlation of 1 it is a random walk. */
function simulated(seed: number, count: number, correlation: number, slope = 0): Sample[] {
  const noise = noiseOf(seed);
  let state = correlation < 1 ? noise() / Math.sqrt(1 - correlation ** 2) : 0;
  return Array.from({ length: count }, (_, index) => {
    state = correlation * state + noise();
    return { at: index / count, value: 100 + slope * (index / count) + state };
  });
}

function shareOf(make: (seed: number) => Sample[], is: (low: number, high: number) => boolean): number {
  const trends = Array.from({ length: series }, (_, seed) => trendOf(make(7_919 * (seed + 1)), confidence));
  return trends.filter((trend) => trend !== undefined && is(trend.low, trend.high)).length;
}

describe("the trend of a series whose samples depend on those before", () => {
  it.each([
    [90, 0],
    [90, 0.5],
    [90, 0.9],
    [90, 0.99],
    [120, 0.5],
    [120, 0.9],
    [120, 1],
    [280, 0],
    [280, 0.8],
    [280, 0.95],
    [280, 1],
    [500, 0.9],
    [500, 0.98],
  ])(
    "of %d samples with a correlation of %d is called rising in at most 5 of 100 that are flat",
    (count, correlation) => {
      const rising = shareOf(
        (seed) => simulated(seed, count, correlation),
        (low) => low > 0,
      );
      expect(rising).toBeLessThanOrEqual(mostOfSeries);
    },
  );

  it("contains the true slope in at least 95 of 100 where noise is independent", () => {
    const missed = shareOf(
      (seed) => simulated(seed, 280, 0, 5),
      (low, high) => low > 5 || high < 5,
    );
    expect(missed).toBeLessThanOrEqual(mostOfSeries);
  });

  it("finds a planted growth of ten times the noise", () => {
    const found = shareOf(
      (seed) => simulated(seed, 280, 0.5, 10),
      (low) => low > 0,
    );
    expect(found).toBe(series);
  });

  it("takes no sawtooth for growth whose period is shorter than three quarters of the time", () => {
    for (const periods of [1.3, 2, 3, 5, 10, 37]) {
      const saw = (seed: number): Sample[] =>
        simulated(seed, 280, 0).map(({ at, value }) => ({
          at,
          value: value + 30 * ((at * periods + (seed % 97) / 97) % 1),
        }));
      expect(shareOf(saw, (low) => low > 0)).toBeLessThanOrEqual(mostOfSeries);
    }
  });

  it("finds what rises below a sawtooth", () => {
    const saw = (seed: number): Sample[] =>
      simulated(seed, 280, 0, 60).map(({ at, value }) => ({ at, value: value + 30 * ((at * 20) % 1) }));
    expect(shareOf(saw, (low) => low > 0)).toBe(series);
  });

  it("lies within its interval, whatever the samples", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 90, maxLength: 150 });
    fc.assert(
      fc.property(values, (all) => {
        const samples = all.map((value, index) => ({ at: index, value }));
        const trend = trendOf(samples, confidence)!;
        expect(trend.independent).toBeGreaterThanOrEqual(3);
        expect(trend.independent).toBeLessThanOrEqual(40);
        expect(trend.low).toBeLessThanOrEqual(trend.slope);
        expect(trend.high).toBeGreaterThanOrEqual(trend.slope);
      }),
    );
  });

  it("is exact for a straight line, and has no interval for too few samples", () => {
    const line = (count: number) => Array.from({ length: count }, (_, at) => ({ at, value: 3 * at + 7 }));
    const trend = trendOf(line(90), confidence)!;
    expect(trend.slope).toBeCloseTo(3, 9);
    expect(trend.high - trend.low).toBeLessThan(1e-6);
    expect(trendOf(line(89), confidence)).toBeUndefined();
    expect(trendOf([], confidence)).toBeUndefined();
    expect(
      trendOf(
        Array.from({ length: 90 }, () => ({ at: 1, value: 1 })),
        confidence,
      ),
    ).toBeUndefined();
  });
});
