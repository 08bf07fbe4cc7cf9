import { availableParallelism } from "node:os";
import type { GatewayData, Pushed } from "./gateway-worker.ts";
import { PushThread } from "./push-thread.ts";

/**
 * Pushes numbered lines to gateways at a set rate, from threads of its own: as many as there are sources, but on half of the processors at
 * most, because the gateway and Kafka need the others.
 */
export class GatewayWriter {
  /** Resolves when the first line of each source was acknowledged; rejects with an UnavailableError if one was not. */
  readonly ready: Promise<void>;
  /** What became of the lines; rejects with an UnavailableError if they could not be pushed. */
  readonly finished: Promise<Pushed>;
  readonly #threads: PushThread[];

  constructor(data: GatewayData) {
    this.#threads = sharesOf(data.sources, Math.floor(availableParallelism() / 2)).map(
      (sources) => new PushThread({ ...data, sources }),
    );
    this.ready = Promise.all(this.#threads.map(({ ready }) => ready)).then(() => {});
    this.finished = Promise.all(this.#threads.map(({ finished }) => finished)).then(together);
    // A rejection before anybody awaits a promise must not count as unhandled.
    for (const promise of [this.ready, this.finished]) promise.catch(() => {});
  }

  /** Begins to push the lines. */
  start(): void {
    for (const thread of this.#threads) thread.start();
  }

  /** Gives up what is not acknowledged; has no effect after the end. */
  stop(): void {
    for (const thread of this.#threads) thread.stop();
  }
}

/** Splits a list into parts of about the same length, in its order; into one at least, and none is empty. */
export function sharesOf<Each>(list: readonly Each[], most: number): Each[][] {
  const parts = Math.max(1, Math.min(list.length, most));
  return Array.from({ length: parts }, (_, index) =>
    list.slice((index * list.length) / parts, ((index + 1) * list.length) / parts),
  );
}

/** What all threads have pushed. */
function together(threads: readonly Pushed[]): Pushed {
  return {
    startedAtMs: Math.min(...threads.map(({ startedAtMs }) => startedAtMs)),
    streams: threads.flatMap(({ streams }) => streams),
    busy: Math.max(...threads.map(({ busy }) => busy)),
    isCutOff: threads.some(({ isCutOff }) => isCutOff),
  };
}
