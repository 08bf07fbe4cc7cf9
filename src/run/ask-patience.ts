import { request } from "undici";
import type { Stack } from "../places/place.ts";
import { patienceOf } from "../products/promtail-patience.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";

const timeoutMs = 2_000;

/**
 * Reads from the shippers of a custom pipeline the configuration that they run with. Promtail's contains how long it waits between
 * retries.
 *
 * @param ports the port of each instance, by the instance's name
 * @returns the retry settings of the shippers that answered; undefined if none did
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

async function pageOf(url: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(timeoutMs), reset: true });
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
