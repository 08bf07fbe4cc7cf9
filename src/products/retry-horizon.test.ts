import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentedBackoff, longestSilenceMs, retryHorizon, scaleBackoff } from "./retry-horizon.ts";

describe("retryHorizon", () => {
  it("gives the documented ten retries from 500 ms to 5 min 4 to 8.5 minutes, and ten hanging tries on top", () => {
    expect(retryHorizon(documentedBackoff)).toEqual({ earliestMs: 255_500, latestMs: 511_000 + 10 * 10_000 });
  });

  it("scales with the periods, while a try keeps its second", () => {
    const scaled = scaleBackoff(documentedBackoff, 1 / 40);
    expect(scaled).toEqual({ minPeriodMs: 12.5, maxPeriodMs: 7_500, maxRetries: 10, tryTimeoutMs: 1_000 });
    expect(retryHorizon(scaled)).toEqual({ earliestMs: 255_500 / 40, latestMs: 511_000 / 40 + 10_000 });
    expect(scaleBackoff(documentedBackoff, 1)).toEqual(documentedBackoff);
  });

  it("is bounded by max_period once the waits have reached it", () => {
    // 1-2, then 2-3 for ever: the lower bound stays where it was when the upper one reached the maximum.
    expect(retryHorizon({ minPeriodMs: 1_000, maxPeriodMs: 3_000, maxRetries: 5, tryTimeoutMs: 0 })).toEqual({
      earliestMs: 1_000 + 2_000 + 2_000 + 2_000,
      latestMs: 2_000 + 3_000 + 3_000 + 3_000,
    });
  });

  it("is exact where there is no jitter to draw", () => {
    expect(retryHorizon({ minPeriodMs: 1_000, maxPeriodMs: 1_000, maxRetries: 4, tryTimeoutMs: 0 })).toEqual({
      earliestMs: 3_000,
      latestMs: 3_000,
    });
  });

  it("ends between one longest wait before the time of retries is up and a hanging try after it, for the Collector's defaults", () => {
    const backoff = { minPeriodMs: 7_500, maxPeriodMs: 45_000, maxRetries: 0, tryTimeoutMs: 30_000 };
    expect(retryHorizon({ ...backoff, maxElapsedMs: 300_000 })).toEqual({
      earliestMs: 255_000,
      latestMs: 330_000,
    });
    expect(scaleBackoff({ ...backoff, maxElapsedMs: 300_000 }, 1 / 40)).toMatchObject({
      maxElapsedMs: 7_500,
    });
  });

  it("contains the moment at which retries of limited time end, however the waits and the tries are drawn", () => {
    const drawn = fc.record({
      initialMs: fc.integer({ min: 1, max: 5_000 }),
      maxMs: fc.integer({ min: 1, max: 30_000 }),
      maxElapsedMs: fc.integer({ min: 1, max: 300_000 }),
      tryTimeoutMs: fc.integer({ min: 0, max: 30_000 }),
      draws: fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 1,
        },
      ),
    });
    fc.assert(
      fc.property(drawn, ({ initialMs, maxMs, maxElapsedMs, tryTimeoutMs, draws }) => {
        const horizon = retryHorizon({
          minPeriodMs: 1.5 * initialMs,
          maxPeriodMs: 1.5 * maxMs,
          maxRetries: 0,
          tryTimeoutMs,
          maxElapsedMs,
        })!;
        // As the Collector does it: a try of any length up to the timeout, then a wait of half to one and a half times the interval.
        let [atMs, intervalMs] = [0, Math.min(initialMs, maxMs)];
        for (let turn = 0; ; turn++) {
          const [tried, waited] = draws[turn % draws.length]!;
          atMs += tried * tryTimeoutMs;
          const waitMs = Math.max(0.5, intervalMs * (0.5 + waited));
          if (atMs + waitMs > maxElapsedMs) break;
          atMs += waitMs;
          intervalMs = Math.min(1.5 * intervalMs, maxMs);
        }
        expect(atMs).toBeGreaterThanOrEqual(horizon.earliestMs);
        expect(atMs).toBeLessThanOrEqual(horizon.latestMs);
      }),
    );
  });

  it("is undefined for endless retries", () => {
    expect(retryHorizon({ ...documentedBackoff, maxRetries: 0 })).toBeUndefined();
  });
});

describe("longestSilenceMs", () => {
  it("covers the wait that follows an outage however the waits before were drawn", () => {
    for (let draw = 0; draw < 1_000; draw++) {
      let [lowerMs, upperMs] = [500, 1_000];
      let beforeMs = 0;
      for (let wait = 0; wait < 10; wait++) {
        const waitMs = lowerMs + Math.random() * (upperMs - lowerMs);
        // The outage ends right after this wait began: nothing is heard until it is over.
        expect(waitMs).toBeLessThanOrEqual(longestSilenceMs(documentedBackoff, beforeMs));
        beforeMs += waitMs;
        if (upperMs < 300_000) [lowerMs, upperMs] = [lowerMs * 2, Math.min(upperMs * 2, 300_000)];
      }
    }
  });
});
