import { setTimeout } from "node:timers/promises";

/**
 * Waits; an abort ends the wait at once.
 *
 * @throws the signal's reason if it aborts or has aborted already
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  }
}
