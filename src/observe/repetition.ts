import { pause } from "../base/abortable-pause.ts";
import { messageOf } from "../base/errors.ts";

/** Repeats some work, with a pause after each time, until it is stopped or fails. */
export class Repetition {
  readonly #work: (signal: AbortSignal) => Promise<void>;
  readonly #restMs: (tookMs: number) => number;
  readonly #stopped = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  #failure: string | null = null;

  /**
   * @param work gets a signal that aborts when it must end; an error after that is not a failure
   * @param restMs how long to pause, given how long the work took
   */
  constructor(work: (signal: AbortSignal) => Promise<void>, restMs: (tookMs: number) => number) {
    this.#work = work;
    this.#restMs = restMs;
  }

  /** Aborts when the repetition is stopped or has failed. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  start(signal: AbortSignal): void {
    this.#ended = this.#repeat(AbortSignal.any([signal, this.#stopped.signal]));
  }

  /** @returns why it failed; null if it did not */
  async stop(): Promise<string | null> {
    this.#stopped.abort();
    await this.#ended;
    return this.#failure;
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const startedAtMs = performance.now();
        await this.#work(signal);
        await pause(this.#restMs(performance.now() - startedAtMs), signal);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      this.#failure = messageOf(thrown);
      this.#stopped.abort();
    }
  }
}
