import { request } from "undici";
import type { Stack } from "../places/place.ts";
import { type Backoff, longestSilenceMs } from "../plan/retry-horizon.ts";
import { patienceOf } from "../products/promtail-patience.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";

const timeoutMs = 2_000;

/**
 * Asks the shippers of a custom pipeline for the configuration that they run with. Promtail's shows how long it waits between
 * retries.
 *
 * @param ports by instance, the port at which each answers
 * @returns what is known; undefined if nothing is
 */
export async function askPatience(
  stack: Stack,
  ports: ReadonlyMap<string, number>,
): Promise<ShipperPatience | undefined> {
  const asked = [...ports].map(async ([instance, port]) => {
    const url = (await stack.instance(instance).address(port))?.url;
    const page = url && (await pageOf(`${url}/config`));
    return page ? patienceOf(page) : undefined;
  });
  const known = (await Promise.all(asked)).filter((patience) => patience !== undefined);
  if (known.length === 0) return undefined;
  return {
    backoffs: known.flatMap(({ backoffs }) => backoffs),
    batchWaitMs: Math.max(...known.map(({ batchWaitMs }) => batchWaitMs)),
  };
}

/** By the pipeline's files, if the shipper of a fixture is known from them. */
export function patienceFrom(backoff: Backoff): ShipperPatience {
  // In all of them a batch waits for a second, which their quiet time includes.
  return { backoffs: [backoff], batchWaitMs: 0 };
}

/**
 * How long a shipper may be silent after an outage although it has dropped nothing. Because backoffs double, a shipper whose retries are not
 * known is silent for no longer than twice what it has waited.
 *
 * @param disturbedMs how long it may have been refused
 */
export function silenceMs(patience: ShipperPatience | undefined, disturbedMs: number): number {
  if (patience === undefined) return 2 * disturbedMs;
  const silences = patience.backoffs.map((backoff) => longestSilenceMs(backoff, disturbedMs));
  return Math.max(...silences) + patience.batchWaitMs;
}

async function pageOf(url: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(timeoutMs), reset: true });
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
