import pRetry from "p-retry";
import { ReadError } from "../base/read-error.ts";

const retryAfterMs = 200;

/** How often a query of a sink is retried, and how long each try may take. */
export interface QueryOptions {
  /** How often a failed query is retried. Queries change nothing, so repeating them is safe. */
  retries: number;
  /** The timeout of each try, including its complete answer. */
  timeoutMs: number;
  /** Returns the signal for each query, which aborts it. */
  signal: () => AbortSignal;
}

/**
 * Queries a sink, and retries if it does not answer or answers with an error.
 *
 * @param settledAnswers HTTP statuses after which a retry would get the same answer
 * @throws ReadError of the last try
 */
export async function queryWithRetries<Answer>(
  ask: () => Promise<Answer>,
  { retries, timeoutMs, signal }: QueryOptions,
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
