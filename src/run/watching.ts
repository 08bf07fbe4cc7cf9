import type { Observed } from "../judge/track.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import { ArrivalsObserver } from "../observe/arrivals-observer.ts";
import { CountersObserver } from "../observe/counters-observer.ts";
import type { Observer } from "../observe/observer.ts";
import type { PartCounters } from "../observe/part-counters.ts";
import { ResourcesObserver } from "../observe/resources-observer.ts";
import type { Watch } from "../observe/watch.ts";
import type { Stack } from "../places/place.ts";
import type { LokiSide } from "../sinks/loki/loki-side.ts";
import type { Refusal } from "../sinks/loki/refusal.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";

/** The observers of a run, and what its phases ask of them. */
export class Watching {
  readonly arrivals: Arrivals;
  readonly #setup: RunSetup;
  readonly #writer: LoadWriter;
  readonly #arrivals: ArrivalsObserver;
  readonly #counters: CountersObserver;
  readonly #observers: Observer[];
  #isSinkBroken = false;
  #pauses = 0;

  constructor(setup: RunSetup, stack: Stack, loki: LokiSide, writer: LoadWriter, progress: RunProgress) {
    const { context, loadPlan, mostLinesOf } = setup;
    this.#setup = setup;
    this.#writer = writer;
    this.arrivals = new Arrivals(Date.now(), mostLinesOf);
    this.#arrivals = new ArrivalsObserver({
      watch: (signal) => loki.watch(writer.clock, this.arrivals, loadPlan.sources.length, signal),
      arrivals: this.arrivals,
      written: () => writer.written,
      onLook: () => progress.tell(),
    });
    this.#counters = new CountersObserver(stack, writer.location.fileNames);
    const resources = new ResourcesObserver(stack.instances());
    this.#observers = [this.#arrivals, this.#counters, resources];
    for (const observer of this.#observers) observer.start(context.signal);
  }

  get counters(): PartCounters {
    return this.#counters.counters;
  }

  get watch(): Watch {
    return this.#arrivals.watch;
  }

  /** What the sink answered last, if it was not what was asked for. */
  get refusal(): Refusal | undefined {
    return this.#arrivals.refusal;
  }

  /** When the sink was last asked something that it answered, in Unix milliseconds. */
  get answeredAtMs(): number {
    return this.#arrivals.answeredAtMs;
  }

  /** Whether the shipper holds something that it did not get rid of, by its own count. */
  get isShipperHolding(): boolean {
    return this.counters.shipperWatch.isHolding(Date.now());
  }

  get haveSentinelsArrived(): boolean {
    return this.watch.sentinels.size === this.#setup.loadPlan.sources.length;
  }

  /** Whether every line that was written could be read. */
  get isComplete(): boolean {
    return this.arrivals.count === this.#writer.written;
  }

  /** When a line last became readable, or the shipper last read one, in Unix milliseconds. */
  get lastMovedAtMs(): number {
    return Math.max(this.watch.lastMovedAtMs, this.counters.shipperWatch.movedAtMs);
  }

  /** Resolves when the sink was asked once more for new lines. */
  nextLook(): Promise<void> {
    return this.#arrivals.nextLook(this.#setup.context.signal);
  }

  /** Asks the parts once more what they count, and notes where the run stands. */
  async noteEnd(): Promise<void> {
    await this.#counters.ask();
    this.#arrivals.sample();
  }

  /** Stops asking the sink while a fault holds that breaks it: a query would hold up its graceful shutdown. */
  setSinkBroken(isBroken: boolean): void {
    this.#isSinkBroken = isBroken;
    this.#pauseOrResume();
  }

  /** Stops asking the sink while `work` goes on, and passes on what `work` returns or throws. */
  async withPollingPaused<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#pauses++;
    this.#pauseOrResume();
    try {
      return await work();
    } finally {
      this.#pauses--;
      this.#pauseOrResume();
    }
  }

  #pauseOrResume(): void {
    const isPaused = this.#isSinkBroken || this.#pauses > 0;
    for (const observer of this.#observers) {
      if (isPaused) observer.pause?.();
      else observer.resume?.();
    }
  }

  /** Ends watching; may be called again. Returns what each observer has seen so far. */
  stop(): Promise<Observed[]> {
    return Promise.all(this.#observers.map((observer) => observer.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
