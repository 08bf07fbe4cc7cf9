/** A shipper's exponential backoff. */
export interface Backoff {
  minPeriodMs: number;
  maxPeriodMs: number;
  /** How often it waits and tries again; 0 for ever. */
  maxRetries: number;
}

/** The document's: `min_period: 500ms, max_period: 5m, max_retries: 10`. */
export const documentedBackoff: Backoff = { minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 10 };

/** After how long an outage a batch is given up: never before `earliestMs`, always by `latestMs`. */
export interface RetryHorizon {
  earliestMs: number;
  latestMs: number;
}

/**
 * Predicts when retries give up, from Promtail's configuration alone; undefined if they never do.
 *
 * dskit's backoff (v0.0.0-20250917, `backoff.go`) draws each wait evenly between a lower and an upper bound, at first
 * `min_period` and twice that; both double until the upper one reaches `max_period`. Promtail 3.6.4 (`client.go`, `sendBatch`)
 * tries once, then waits and tries again, but after the last wait it gives up without another try: `max_retries` waits are
 * followed by `max_retries - 1` tries. The time a failing try itself takes comes on top. For 500ms, 5m and 10 this gives 255.5 s
 * to 511 s: the "about 8.5 minutes" is the upper end.
 */
export function retryHorizon({ minPeriodMs, maxPeriodMs, maxRetries }: Backoff): RetryHorizon | undefined {
  if (maxRetries === 0) return undefined;
  let lowerMs = minPeriodMs;
  let upperMs = Math.min(2 * minPeriodMs, maxPeriodMs);
  const horizon = { earliestMs: 0, latestMs: 0 };
  for (let wait = 1; wait < maxRetries; wait++) {
    horizon.earliestMs += Math.min(lowerMs, upperMs);
    horizon.latestMs += Math.max(lowerMs, upperMs);
    if (lowerMs < upperMs && upperMs < maxPeriodMs) {
      lowerMs = Math.min(2 * lowerMs, maxPeriodMs);
      upperMs = Math.min(2 * upperMs, maxPeriodMs);
    }
  }
  return horizon;
}

/**
 * How long a shipper may be silent after an outage before it tries again: no wait is longer than `max_period`, and none is
 * longer than twice all waits before it and the first bound together.
 */
export function longestSilenceMs({ minPeriodMs, maxPeriodMs }: Backoff, outageMs: number): number {
  return Math.max(minPeriodMs, Math.min(maxPeriodMs, 2 * outageMs + 2 * minPeriodMs));
}
