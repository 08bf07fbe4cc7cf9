import { pause } from "../base/pause.ts";
import type { Stack } from "../places/compose/stack.ts";
import type { Refusal } from "../sinks/loki/refusal.ts";
import type { ReadError } from "../sinks/read-error.ts";
import type { PartCounters } from "./part-counters.ts";
import type { Watch } from "./watch.ts";

const intervalMs = 100;
const maxIntervalMs = 5_000;
const lookProbeMs = 20;
const metricsIntervalMs = 500;

/** What a follower looks at, and whom it tells. */
export interface FollowerOptions {
  stack: Stack;
  /** Makes the watch; its client is to use the signal that the given function returns. */
  watch: (signal: () => AbortSignal) => Watch;
  counters: PartCounters;
  /** Called after each look. */
  onLook: () => void;
  signal: AbortSignal;
}

/**
 * Keeps looking, for as long as a run goes on, at what can be read and at what the parts count. A Loki or a shipper that
 * does not answer is what runs are about, so it is no error here.
 *
 * It steps aside while Loki is broken: a query under way would hold up a graceful shutdown, and the outage would be the
 * observer's doing.
 */
export class Follower {
  readonly watch: Watch;
  readonly #options: FollowerOptions;
  readonly #stopped = new AbortController();
  #looking = new AbortController();
  #isPaused = false;
  readonly #ended: Promise<void>;
  #metricsAtMs = 0;
  #looks = 0;
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  #refusal: Refusal | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.watch = options.watch(() =>
      AbortSignal.any([options.signal, this.#stopped.signal, this.#looking.signal]),
    );
    this.#ended = this.#follow();
    this.#ended.catch(() => {});
  }

  /** When it last began a look that was answered, in Unix milliseconds. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  /** Whether the shipper holds something that it did not get rid of, by its own count. */
  get isShipperHolding(): boolean {
    return this.#options.counters.shipperWatch.isHolding(Date.now());
  }

  /** What Loki answered the last look, if it was not what was asked for. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** Breaks off a look that is under way and begins no other, or goes on. */
  setPaused(isPaused: boolean): void {
    // Told the same again it must not get another signal: a look that is under way would be broken off by one that it does not know.
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#looking.abort();
    else this.#looking = new AbortController();
  }

  /** Resolves when a look that begins after this call has ended, or following has. */
  async nextLook(): Promise<void> {
    // The one that is under way, if any, began too early.
    const looks = this.#looks + 2;
    while (this.#looks < looks && !this.#stopped.signal.aborted)
      await pause(lookProbeMs, this.#options.signal);
  }

  /** Ends following; rejects if following failed for another reason than a part that did not answer. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }

  async #follow(): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#stopped.signal]);
    while (!signal.aborted) {
      const startedAtMs = Date.now();
      if (!this.#isPaused) await this.#look();
      this.#looks++;
      await this.#scrape();
      this.#options.onLook();
      // A look that takes long is repeated less often: at most a quarter of the time goes into looking.
      const restMs = Math.min(maxIntervalMs, Math.max(intervalMs, 3 * (Date.now() - startedAtMs)));
      await pause(restMs, signal).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { signal } = this.#looking;
    const beganAtMs = Date.now();
    try {
      await this.watch.look();
      this.#answeredAtMs = beganAtMs;
      this.#refusal = undefined;
    } catch (thrown) {
      const isExpected = (thrown as ReadError).name === "ReadError";
      if (isExpected) this.#note(thrown as ReadError);
      if (!isExpected && !signal.aborted && !this.#stopped.signal.aborted && !this.#options.signal.aborted)
        throw thrown;
    }
  }

  #note(error: ReadError): void {
    const isSame = this.#refusal !== undefined && this.#refusal.error.status === error.status;
    this.#refusal = { error, sinceMs: isSame ? this.#refusal!.sinceMs : Date.now() };
  }

  async #scrape(): Promise<void> {
    if (Date.now() - this.#metricsAtMs < metricsIntervalMs) return;
    this.#metricsAtMs = Date.now();
    await this.#options.counters.scrape(this.#options.stack);
  }
}
