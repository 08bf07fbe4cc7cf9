import { request } from "undici";
import { messageOf } from "../base/errors.ts";
import { type Metric, parseMetrics } from "../base/metrics.ts";
import type { Instance } from "./instance.ts";

const defaultTimeoutMs = 5_000;

/** The current metrics of an instance, from its `/metrics`; undefined while it does not answer. */
export async function findMetrics(
  instance: Instance,
  timeoutMs = defaultTimeoutMs,
): Promise<Metric[] | undefined> {
  try {
    const address = await instance.address();
    return address && (await metricsAt(address.url, timeoutMs));
  } catch {
    return undefined;
  }
}

/**
 * The metrics of a server whose URL is already known, which saves asking the place for the address.
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

/** The metrics at several ports of an instance. Ports that do not answer are left out. */
export async function metricsAmong(
  instance: Instance,
  ports: readonly number[],
  timeoutMs: number,
): Promise<{ port: number; metrics: Metric[] }[]> {
  const addresses = await instance.addresses(ports);
  const asked = [...addresses].map(async ([port, { url }]) => {
    const metrics = await metricsAt(url, timeoutMs).catch(() => undefined);
    return metrics === undefined ? [] : [{ port, metrics }];
  });
  return (await Promise.all(asked)).flat();
}
