import { pause } from "../base/abortable-pause.ts";
import { ReadError } from "../base/read-error.ts";
import type { Ledger } from "../load/ledger.ts";
import { entriesOf } from "../load/ledger.ts";
import type { Sink } from "../sinks/sink.ts";

const shortestRestMs = 100;
/** A count may keep the sink from taking lines in, so that it rests for longer than it took. */
const restsPerCount = 2;

/**
 * Has the sink count the lines of a trial again and again. Nothing is read meanwhile, because reading would take from the pipeline what is
 * measured. A count is known to have been true only when its answer came, so no line counts as earlier than it was.
 */
export class ArrivalCount {
  /** The most lines that were counted before a deadline, without those that prove the path. */
  inTime = 0;
  /** When an answer first had every line, in Unix milliseconds; undefined if none had. */
  completeAtMs: number | undefined;
  /** When a count last was higher than any before, in Unix milliseconds. */
  movedAtMs = Date.now();
  readonly #sink: Pick<Sink, "countOf">;
  readonly #ledger: Ledger;
  readonly #deadlineMs: number;
  #most = 0;

  /** @param deadlineMs until when lines are in time, in Unix milliseconds */
  constructor(sink: Pick<Sink, "countOf">, ledger: Ledger, deadlineMs: number) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#deadlineMs = deadlineMs;
  }

  get isComplete(): boolean {
    return this.completeAtMs !== undefined;
  }

  /** Counts until every line has arrived or the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.isComplete) {
      const askedAtMs = Date.now();
      await this.#count();
      const tookMs = Date.now() - askedAtMs;
      await pause(Math.max(shortestRestMs, restsPerCount * tookMs), signal).catch(() => {});
    }
  }

  async #count(): Promise<void> {
    const counted = await this.#sink.countOf!(this.#ledger).catch((thrown) => {
      // A sink that is busy with taking lines in may not answer in time; it is asked again.
      if (thrown instanceof ReadError) return undefined;
      throw thrown;
    });
    if (counted === undefined) return;
    const nowMs = Date.now();
    const lines = Math.max(0, counted - this.#ledger.sources.length);
    if (lines > this.#most) {
      this.#most = lines;
      this.movedAtMs = nowMs;
    }
    if (nowMs <= this.#deadlineMs) this.inTime = this.#most;
    if (counted >= entriesOf(this.#ledger)) this.completeAtMs = nowMs;
  }
}
