/** A shipper's exponential backoff. */
export interface Backoff {
  minPeriodMs: number;
  maxPeriodMs: number;
  /** How often it waits and retries; 0 means without a limit of their number. */
  maxRetries: number;
  /** The timeout of a try. A try hangs for this long if the other side disappeared without closing the connection. */
  tryTimeoutMs: number;
  /** It also gives up rather than begin a wait that would end later than this after its first try; no such limit if absent. */
  maxElapsedMs?: number | undefined;
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
  const { minPeriodMs, maxPeriodMs, maxRetries, tryTimeoutMs, maxElapsedMs } = backoff;
  return {
    minPeriodMs: minPeriodMs * factor,
    maxPeriodMs: maxPeriodMs * factor,
    maxRetries,
    tryTimeoutMs: scaleTryTimeout(tryTimeoutMs, factor),
    ...(maxElapsedMs === undefined ? {} : { maxElapsedMs: maxElapsedMs * factor }),
  };
}

/** The timeout of a try, multiplied by a factor, as `scaleBackoff` does it. */
export function scaleTryTimeout(tryTimeoutMs: number, factor: number): number {
  return Math.min(tryTimeoutMs, Math.max(minTryTimeoutMs, tryTimeoutMs * factor));
}

/** The length of an outage after which a batch is dropped: never before `earliestMs`, always by `latestMs`. */
export interface RetryHorizon {
  earliestMs: number;
  latestMs: number;
}

/**
 * Predicts when retries end, from a shipper's configuration alone; undefined if they never end. Promtail counts its retries, and the
 * OpenTelemetry Collector limits their time.
 */
export function retryHorizon(backoff: Backoff): RetryHorizon | undefined {
  const ends = [horizonOfCount(backoff), horizonOfTime(backoff)].filter((end) => end !== undefined);
  if (ends.length === 0) return undefined;
  return {
    earliestMs: Math.min(...ends.map(({ earliestMs }) => earliestMs)),
    latestMs: Math.min(...ends.map(({ latestMs }) => latestMs)),
  };
}

/**
 * The Collector (0.158, `retry_sender.go`) gives up when a try has failed and the next wait would end after `max_elapsed_time`: at the earliest
 * one longest wait before it, at the latest when a try fails that has begun just before it.
 */
function horizonOfTime({ maxPeriodMs, tryTimeoutMs, maxElapsedMs }: Backoff): RetryHorizon | undefined {
  if (maxElapsedMs === undefined) return undefined;
  return { earliestMs: Math.max(0, maxElapsedMs - maxPeriodMs), latestMs: maxElapsedMs + tryTimeoutMs };
}

/**
 * dskit's backoff (v0.0.0-20250917, `backoff.go`) draws each wait evenly between a lower and an upper bound, at first
 * `min_period` and twice that; both double until the upper one reaches `max_period`. Promtail 3.6.4 (`client.go`, `sendBatch`)
 * tries once, then waits and retries, but after the last wait it gives up without another try: `max_retries` waits are
 * followed by `max_retries - 1` tries. For 500ms, 5m and 10 the waits take 255.5 s to 511 s: "about 8.5 minutes" is the upper
 * end. In addition every try may hang until its timeout, for example if the connection was open when Loki disappeared.
 */
function horizonOfCount({
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
