/** A shipper's exponential backoff. */
export interface Backoff {
  minPeriodMs: number;
  maxPeriodMs: number;
  /** How often it waits and retries; 0 means without end. */
  maxRetries: number;
  /** The timeout of a try. A try hangs for this long if the other side disappeared without closing the connection. */
  tryTimeoutMs: number;
}

/**
 * The backoff of the reference architecture: `min_period: 500ms, max_period: 5m, max_retries: 10`, with Promtail's default `timeout: 10s`.
 */
export const documentedBackoff: Backoff = {
  minPeriodMs: 500,
  maxPeriodMs: 300_000,
  maxRetries: 10,
  tryTimeoutMs: 10_000,
};

const minTryTimeoutMs = 1_000;

/** A backoff whose times are multiplied by a factor. The timeout of a try is at least a second, or tries would fail on slow machines. */
export function scaleBackoff(backoff: Backoff, factor: number): Backoff {
  const { minPeriodMs, maxPeriodMs, maxRetries, tryTimeoutMs } = backoff;
  return {
    minPeriodMs: minPeriodMs * factor,
    maxPeriodMs: maxPeriodMs * factor,
    maxRetries,
    tryTimeoutMs: Math.min(tryTimeoutMs, Math.max(minTryTimeoutMs, tryTimeoutMs * factor)),
  };
}

/** The length of an outage after which a batch is dropped: never before `earliestMs`, always by `latestMs`. */
export interface RetryHorizon {
  earliestMs: number;
  latestMs: number;
}

/**
 * Predicts when retries end, from Promtail's configuration alone; undefined if they never end.
 *
 * dskit's backoff (v0.0.0-20250917, `backoff.go`) draws each wait evenly between a lower and an upper bound, at first
 * `min_period` and twice that; both double until the upper one reaches `max_period`. Promtail 3.6.4 (`client.go`, `sendBatch`)
 * tries once, then waits and retries, but after the last wait it gives up without another try: `max_retries` waits are
 * followed by `max_retries - 1` tries. For 500ms, 5m and 10 the waits take 255.5 s to 511 s: "about 8.5 minutes" is the upper
 * end. In addition every try may hang until its timeout, for example if the connection was open when Loki disappeared.
 */
export function retryHorizon({
  minPeriodMs,
  maxPeriodMs,
  maxRetries,
  tryTimeoutMs,
}: Backoff): RetryHorizon | undefined {
  if (maxRetries === 0) return undefined;
  let lowerMs = minPeriodMs;
  let upperMs = Math.min(2 * minPeriodMs, maxPeriodMs);
  const horizon = { earliestMs: 0, latestMs: maxRetries * tryTimeoutMs };
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
 * How long a shipper may be silent after an outage before it retries: no wait is longer than `max_period`, and none is
 * longer than twice the sum of all waits before it and the first bound; the timeout of a hanging try is added.
 */
export function longestSilenceMs(
  { minPeriodMs, maxPeriodMs, tryTimeoutMs }: Backoff,
  outageMs: number,
): number {
  return Math.max(minPeriodMs, Math.min(maxPeriodMs, 2 * outageMs + 2 * minPeriodMs)) + tryTimeoutMs;
}
