import type { TimelineSample } from "../judge/timeline-document.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { LogWriter } from "../load/log-writer.ts";
import { Follower } from "../observe/follower.ts";
import { PartCounters } from "../observe/part-counters.ts";
import { countedOf, TimelineRecorder } from "../observe/timeline-recorder.ts";
import type { Stack } from "../places/compose/stack.ts";
import type { LokiSide } from "../sinks/loki/loki-side.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";

/** Follows which lines become readable and what the parts count, as long as a run goes on. */
export class Watching {
  readonly arrivals: Arrivals;
  readonly counters: PartCounters;
  readonly follower: Follower;
  readonly #setup: RunSetup;
  readonly #writer: LogWriter;
  readonly #timeline = new TimelineRecorder();
  #isSinkBroken = false;
  #pauses = 0;

  constructor(setup: RunSetup, stack: Stack, loki: LokiSide, writer: LogWriter, progress: RunProgress) {
    const { request, context, loadPlan, mostLinesOf } = setup;
    this.#setup = setup;
    this.#writer = writer;
    this.arrivals = new Arrivals(Date.now(), mostLinesOf);
    this.counters = new PartCounters(request.pipeline, loadPlan.sources);
    this.follower = new Follower({
      stack,
      watch: (signal) => loki.watch(writer.clock, this.arrivals, loadPlan.sources.length, signal),
      counters: this.counters,
      onLook: () => {
        progress.tell();
        this.sample();
      },
      signal: context.signal,
    });
  }

  get haveSentinelsArrived(): boolean {
    return this.follower.watch.sentinels.size === this.#setup.loadPlan.sources.length;
  }

  /** Whether every line that was written could be read. */
  get isComplete(): boolean {
    return this.arrivals.count === this.#writer.written;
  }

  /** When a line last became readable, or the shipper last read one, in Unix milliseconds. */
  get lastMovedAtMs(): number {
    return Math.max(this.follower.watch.lastMovedAtMs, this.counters.shipperWatch.movedAtMs);
  }

  /** Where the run stood, over its time. */
  get samples(): TimelineSample[] {
    return this.#timeline.list();
  }

  /** Notes how many lines are written and readable, and what the parts count. */
  sample(): void {
    const lines = { at: Date.now(), written: this.#writer.written, readable: this.arrivals.count };
    this.#timeline.add({ ...lines, ...countedOf(this.#setup.request.pipeline, this.counters.totals) });
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
    this.follower.setPaused(this.#isSinkBroken || this.#pauses > 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.follower.stop();
  }
}
