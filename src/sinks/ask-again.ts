import pRetry from "p-retry";
import { ReadError } from "../base/read-error.ts";

const retryAfterMs = 200;

/** How often a question to a sink is asked, and for how long. */
export interface Asking {
  /** How often one that failed is asked again; questions change nothing, so asking twice is safe. */
  retries: number;
  /** For each try, with its whole answer. */
  timeoutMs: number;
  /** Asked anew for each question; ends it when it aborts. */
  signal: () => AbortSignal;
}

/**
 * Asks a sink, and again where it does not answer, or not with an answer.
 *
 * @param settledAnswers HTTP statuses that it would answer again
 * @throws ReadError of the last try
 */
export async function askAgain<Answer>(
  ask: () => Promise<Answer>,
  { retries, timeoutMs, signal }: Asking,
  settledAnswers: readonly number[],
): Promise<Answer> {
  return pRetry(ask, {
    retries,
    minTimeout: retryAfterMs,
    maxRetryTime: (retries + 1) * (timeoutMs + retryAfterMs * 2 ** retries),
    signal: signal(),
    shouldRetry: ({ error }) => error instanceof ReadError && !settledAnswers.includes(error.status ?? 0),
  });
}
