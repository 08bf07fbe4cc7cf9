import { pause } from "../base/abortable-pause.ts";
import type { ReadError } from "../base/read-error.ts";
import { progressTracks } from "../judge/progress-tracks.ts";
import type { Observed, SpansTrack } from "../judge/track.ts";
import type { Arrivals } from "../load/arrivals.ts";
import type { Refusal } from "../sinks/refusal.ts";
import type { SinkWatch } from "../sinks/sink.ts";
import type { Observer } from "./observer.ts";
import { Repetition } from "./repetition.ts";
import { SeriesRecorder } from "./series-recorder.ts";
import { SpanRecorder } from "./span-recorder.ts";

const intervalMs = 100;
const maxIntervalMs = 5_000;
const lookProbeMs = 20;

/** What the observer polls, and what it updates. */
export interface ArrivalsObserverOptions {
  /** Creates the watch. Its client must use the signal that the given function returns, so that a query can be aborted. */
  watch: (signal: () => AbortSignal) => SinkWatch;
  arrivals: Arrivals;
  /** How many lines have been written so far. */
  written: () => number;
  /** Called after each poll. */
  onLook: () => void;
}

/**
 * Polls the sink for readable lines as long as the run lasts. That a sink does not answer is expected in a run, so it is not a failure of
 * the observer.
 *
 * The run pauses this observer while a fault breaks the sink: a query in progress would delay a graceful shutdown, and the observer would
 * change the outage that it observes.
 */
export class ArrivalsObserver implements Observer {
  readonly watch: SinkWatch;
  readonly #options: ArrivalsObserverOptions;
  readonly #looks = new Repetition(
    (signal) => this.#lookOnce(signal),
    // After a slow poll the pause is longer, so that polling takes at most a quarter of the time.
    (tookMs) => Math.min(maxIntervalMs, Math.max(intervalMs, 3 * tookMs)),
  );
  readonly #lines = new SeriesRecorder<{ "lines.written": number; "lines.readable": number }>();
  readonly #unanswered = new SpanRecorder();
  #looking = new AbortController();
  #signal: AbortSignal = this.#looks.stopped;
  #isPaused = false;
  #lookCount = 0;
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  #refusal: Refusal | undefined;

  constructor(options: ArrivalsObserverOptions) {
    this.#options = options;
    this.watch = options.watch(() => AbortSignal.any([this.#signal, this.#looking.signal]));
  }

  /** When the last poll began that the sink answered, in Unix milliseconds. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  /** How the sink refused the last poll; undefined if it answered. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  start(signal: AbortSignal): void {
    this.#signal = AbortSignal.any([signal, this.#looks.stopped]);
    this.#looks.start(signal);
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#looking.abort();
  }

  resume(): void {
    // If it is not paused, the signal must stay the same: otherwise `pause` could not abort the poll in progress.
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#looking = new AbortController();
  }

  /** Resolves when a poll that began after this call has ended, or when the observer has stopped. */
  async nextLook(signal: AbortSignal): Promise<void> {
    // The poll in progress began before this call and does not count.
    const count = this.#lookCount + 2;
    while (this.#lookCount < count && !this.#looks.stopped.aborted) await pause(lookProbeMs, signal);
  }

  async stop(): Promise<Observed> {
    const failure = await this.#looks.stop();
    const tracks = [...progressTracks(this.#lines.list()), this.#queries()];
    return { observer: "arrivals", isGroundOfVerdict: true, failure, tracks };
  }

  /** Notes how many lines are written and readable now. */
  sample(): void {
    const { arrivals, written } = this.#options;
    this.#lines.add(Date.now(), { "lines.written": written(), "lines.readable": arrivals.count });
  }

  async #lookOnce(signal: AbortSignal): Promise<void> {
    if (this.#isPaused) this.#unanswered.note(Date.now(), "polling paused");
    else await this.#look(signal);
    this.#lookCount++;
    this.sample();
    this.#options.onLook();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const looking = this.#looking.signal;
    const beganAtMs = Date.now();
    try {
      await this.watch.look();
      this.#answeredAtMs = beganAtMs;
      this.#refusal = undefined;
      this.#unanswered.note(beganAtMs, undefined);
    } catch (thrown) {
      const isReadError = (thrown as ReadError).name === "ReadError";
      if (isReadError) this.#note(thrown as ReadError);
      // A query that the observer itself has aborted says nothing about the sink.
      if (looking.aborted || signal.aborted) return;
      if (!isReadError) throw thrown;
      const label = `${(thrown as ReadError).status ?? "no answer"}`;
      this.#unanswered.note(beganAtMs, label);
      this.#unanswered.note(Date.now(), label);
    }
  }

  #note(error: ReadError): void {
    const isSame = this.#refusal !== undefined && this.#refusal.error.status === error.status;
    this.#refusal = { error, sinceMs: isSame ? this.#refusal!.sinceMs : Date.now() };
  }

  #queries(): SpansTrack {
    const described = { id: "queries.unanswered", title: "not answered", group: "Queries of the sink" };
    return { kind: "spans", ...described, ...this.#unanswered.end() };
  }
}
