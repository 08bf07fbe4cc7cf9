import { request } from "undici";
import { pause } from "../pause.ts";
import { ReadError } from "../read/read-error.ts";
import type { ShipperCounters } from "../read/shipper-counters.ts";
import type { Watch } from "../read/watch.ts";
import type { Stack } from "../stack/stack.ts";

const minIntervalMs = 100;
const metricsIntervalMs = 500;
const metricsTimeoutMs = 2_000;

/** What a follower looks at. */
export interface Followed {
  stack: Stack;
  watch: Watch;
  counters: ShipperCounters;
}

/**
 * Keeps looking, for as long as a run goes on, at what can be read and at what the shipper counts. A Loki or a shipper that
 * does not answer is what runs are about, so it is no error here.
 */
export class Follower {
  readonly #followed: Followed;
  readonly #onLook: () => void;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #ended: Promise<void>;
  #metricsAtMs = 0;

  /** Starts to follow. @param onLook called after each look */
  constructor(followed: Followed, onLook: () => void, signal: AbortSignal) {
    this.#followed = followed;
    this.#onLook = onLook;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#ended = this.#follow();
    this.#ended.catch(() => {});
  }

  /** Ends following; rejects if following failed for another reason than a part that did not answer. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #follow(): Promise<void> {
    while (!this.#signal.aborted) {
      const startedAtMs = Date.now();
      try {
        await this.#followed.watch.look();
        await this.#scrape();
        // A look that takes long is repeated less often: at most a quarter of the time goes into looking.
        await pause(Math.max(minIntervalMs, 3 * (Date.now() - startedAtMs)), this.#signal);
      } catch (thrown) {
        if (this.#signal.aborted) return;
        if (!(thrown instanceof ReadError)) throw thrown;
        await this.#scrape();
        await pause(minIntervalMs, this.#signal).catch(() => {});
      }
      this.#onLook();
    }
  }

  async #scrape(): Promise<void> {
    if (Date.now() - this.#metricsAtMs < metricsIntervalMs) return;
    this.#metricsAtMs = Date.now();
    const text = await shipperMetrics(this.#followed.stack);
    if (text !== undefined) this.#followed.counters.add(text);
  }
}

/** What the shipper's `/metrics` answers; undefined while it does not. */
export async function shipperMetrics(stack: Stack): Promise<string | undefined> {
  const url = await stack.url("shipper");
  if (url === undefined) return undefined;
  try {
    const { statusCode, body } = await request(`${url}/metrics`, {
      signal: AbortSignal.timeout(metricsTimeoutMs),
      reset: true,
    });
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
