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

/** What the observer looks at, and whom it tells. */
export interface ArrivalsObserverOptions {
  /** Makes the watch; its client is to use the signal that the given function returns. */
  watch: (signal: () => AbortSignal) => SinkWatch;
  arrivals: Arrivals;
  /** How many lines have been written by now. */
  written: () => number;
  /** Called after each look. */
  onLook: () => void;
}

/**
 * Keeps looking at what can be read, for as long as a run goes on. A sink that does not answer is what runs are about, so it is no failure.
 *
 * While the sink is broken, the run pauses it: a query under way would hold up a graceful shutdown, and the outage would be the observer's
 * doing.
 */
export class ArrivalsObserver implements Observer {
  readonly watch: SinkWatch;
  readonly #options: ArrivalsObserverOptions;
  readonly #looks = new Repetition(
    (signal) => this.#lookOnce(signal),
    // A look that takes long is repeated less often: at most a quarter of the time goes into looking.
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

  /** When it last began a look that was answered, in Unix milliseconds. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  /** What the sink answered the last look, if it was not what was asked for. */
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
    // One that is not paused must not get another signal: it could not break off the look that is under way.
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#looking = new AbortController();
  }

  /** Resolves when a look that begins after this call has ended, or looking has. */
  async nextLook(signal: AbortSignal): Promise<void> {
    // One that is under way began too early.
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
      // A question that the observer itself has broken off tells nothing about the sink.
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
