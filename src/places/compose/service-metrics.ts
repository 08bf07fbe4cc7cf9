import { request } from "undici";
import { messageOf } from "../../base/errors.ts";
import { type Metric, parseMetrics } from "../../base/metrics.ts";
import type { Stack } from "./stack.ts";

const defaultTimeoutMs = 5_000;

/**
 * What an instance of a service counts of itself now, as its `/metrics` answers.
 *
 * @throws Error if it publishes no port, or does not answer with 200 in time
 */
async function metricsOf(stack: Stack, instance: string, timeoutMs = defaultTimeoutMs): Promise<Metric[]> {
  const url = await stack.url(instance);
  if (url === undefined) throw new Error(`${instance} publishes no port, so its /metrics cannot be read`);
  return metricsAt(url, timeoutMs);
}

/**
 * Likewise, of a service whose URL is known: for whoever asks often, since to learn it the engine is asked.
 *
 * @throws Error if it does not answer with 200 in time
 */
export async function metricsAt(url: string, timeoutMs = defaultTimeoutMs): Promise<Metric[]> {
  try {
    const { statusCode, body } = await request(`${url}/metrics`, {
      signal: AbortSignal.timeout(timeoutMs),
      reset: true,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
    return parseMetrics(text);
  } catch (thrown) {
    throw new Error(`${url}/metrics cannot be read: ${messageOf(thrown)}`);
  }
}

/**
 * Likewise, asked at each of some ports of its container; nothing of those that do not answer.
 */
export async function metricsAmong(
  stack: Stack,
  instance: string,
  ports: readonly number[],
  timeoutMs: number,
): Promise<{ port: number; metrics: Metric[] }[]> {
  const urls = await stack.urlsAt(instance, ports);
  const asked = [...urls].map(async ([port, url]) => {
    const metrics = await metricsAt(url, timeoutMs).catch(() => undefined);
    return metrics === undefined ? [] : [{ port, metrics }];
  });
  return (await Promise.all(asked)).flat();
}

/** Likewise; undefined while it does not answer. */
export async function findMetrics(
  stack: Stack,
  instance: string,
  timeoutMs = defaultTimeoutMs,
): Promise<Metric[] | undefined> {
  return metricsOf(stack, instance, timeoutMs).catch(() => undefined);
}
