import { request } from "undici";
import type { Instance } from "./instance.ts";

const requestTimeoutMs = 5_000;

/** What an instance tells at `/config` that it runs with, and its URL. */
export interface ConfigPage {
  url: string;
  text: string;
}

/**
 * Asks an instance what it runs with, of those that tell it at `/config`.
 *
 * @param what is wanted of it, for messages: `where it saves positions`
 * @throws Error if it publishes no port, or does not answer in time
 */
export async function configPageOf(instance: Instance, what: string): Promise<ConfigPage> {
  const address = await instance.address();
  if (address === undefined)
    throw new Error(`${instance.name} publishes no port, so it cannot be asked ${what}`);
  const { url } = address;
  const { body } = await request(`${url}/config`, {
    signal: AbortSignal.timeout(requestTimeoutMs),
    reset: true,
  });
  return { url, text: await body.text() };
}
