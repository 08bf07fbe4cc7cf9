import { messageOf } from "../base/errors.ts";
import type { BlindSpot } from "../judge/recorded-alerts.ts";
import type { Instance } from "../places/instance.ts";
import type { BlindSpots } from "./blind-spots.ts";

const shownLogLines = 200;

/** A program that watches for alerts, and what becomes known of it. */
export class WatchedInstance {
  readonly #what: "prometheus" | "alertmanager" | "receiver";
  readonly #instance: Instance;
  readonly #blindSpots: BlindSpots;
  readonly #lastWords: (log: string) => string;
  #hasEnded = false;

  /** @param lastWords the last lines of a log that say most */
  constructor(
    what: "prometheus" | "alertmanager" | "receiver",
    instance: Instance,
    { blindSpots, lastWords }: { blindSpots: BlindSpots; lastWords: (log: string) => string },
  ) {
    this.#what = what;
    this.#instance = instance;
    this.#blindSpots = blindSpots;
    this.#lastWords = lastWords;
  }

  /** Whether it had ended by itself when it last did not answer. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** How far its clock is ahead of this machine's. */
  get clockOffsetMs(): number {
    return this.#instance.clockOffsetMs ?? 0;
  }

  /**
   * Asks it something. A failure is noted as a time in which alerts may have been missed.
   *
   * @param question gets its address; may throw
   */
  async ask(question: (url: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    const askedAtMs = Date.now();
    try {
      await question(await this.url());
      this.#hasEnded = false;
      this.#blindSpots.well(askedAtMs, { what: this.#what, set: null, name: null });
    } catch (thrown) {
      if (signal.aborted) return;
      this.note(await this.#problemOf(thrown));
    }
  }

  /** Notes that alerts may have been missed because of it. */
  note(problem: BlindSpot["problem"]): void {
    this.#hasEnded = problem.code === "ended";
    this.#blindSpots.trouble(Date.now(), { what: this.#what, set: null, name: null, problem });
  }

  /** @throws Error if its port is not published, as while it does not run */
  async url(): Promise<string> {
    const address = await this.#instance.address();
    if (address === undefined) throw new Error("its port is not published");
    return address.url;
  }

  async #problemOf(thrown: unknown): Promise<BlindSpot["problem"]> {
    const state = await this.#instance.findState().catch(() => undefined);
    if (state === undefined || state.running) return { code: "no-answer", message: messageOf(thrown) };
    const log = await this.#instance.logs(shownLogLines).catch(() => "");
    return { code: "ended", exitCode: state.exitCode, lastWords: this.#lastWords(log) };
  }
}
