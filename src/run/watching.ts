import type { Observed } from "../judge/track.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import { AlertsObserver } from "../observe/alerts-observer.ts";
import { ArrivalsObserver } from "../observe/arrivals-observer.ts";
import type { LeastTargets } from "../observe/counted-losses.ts";
import { CountersObserver } from "../observe/counters-observer.ts";
import type { Observer } from "../observe/observer.ts";
import type { PartCounters } from "../observe/part-counters.ts";
import { ResourcesObserver, roundMsOf } from "../observe/resources-observer.ts";
import { attachedProject, servicesOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import type { Refusal } from "../sinks/refusal.ts";
import type { Sink, SinkWatch } from "../sinks/sink.ts";
import { lastWords } from "./last-words.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";

/** The observers of a run, and what the phases of the run need from them. */
export class Watching {
  readonly arrivals: Arrivals;
  /** Undefined if alerts are not observed. */
  readonly alerts: AlertsObserver | undefined;
  readonly #setup: RunSetup;
  readonly #writer: LoadWriter;
  readonly #arrivals: ArrivalsObserver;
  readonly #counters: CountersObserver;
  readonly #observers: Observer[];
  #isSinkBroken = false;
  #pauses = 0;

  constructor(setup: RunSetup, stack: Stack, sink: Sink, writer: LoadWriter, progress: RunProgress) {
    const { request, context, loadPlan, mostLinesOf } = setup;
    this.#setup = setup;
    this.#writer = writer;
    this.arrivals = new Arrivals(Date.now(), mostLinesOf);
    this.#arrivals = new ArrivalsObserver({
      watch: (signal) =>
        sink.follow({
          clock: writer.clock,
          arrivals: this.arrivals,
          sources: loadPlan.sources.length,
          signal,
        }),
      arrivals: this.arrivals,
      written: () => writer.written,
      onLook: () => progress.tell(),
    });
    this.#counters = new CountersObserver(stack, writer.location.fileNames);
    const resources = new ResourcesObserver(stack.instances(), roundMsOf(request.plan.load.seconds));
    this.alerts = alertsObserverOf(setup, stack);
    this.#observers = [this.#arrivals, this.#counters, resources, ...(this.alerts ? [this.alerts] : [])];
    for (const observer of this.#observers) observer.start(context.signal);
  }

  get counters(): PartCounters {
    return this.#counters.counters;
  }

  get watch(): SinkWatch {
    return this.#arrivals.watch;
  }

  /** The last answer of the sink, if it was an error. */
  get refusal(): Refusal | undefined {
    return this.#arrivals.refusal;
  }

  /** When the last query that the sink answered was sent, in Unix milliseconds. */
  get answeredAtMs(): number {
    return this.#arrivals.answeredAtMs;
  }

  /** Whether the shipper holds a batch that it has not delivered, according to its own counters. */
  get isShipperHolding(): boolean {
    return this.counters.shipperWatch.isHolding(Date.now());
  }

  get haveSentinelsArrived(): boolean {
    return this.watch.sentinels.size === this.#setup.loadPlan.sources.length;
  }

  /** Whether every line that was written has been readable. */
  get isComplete(): boolean {
    return this.arrivals.count === this.#writer.written;
  }

  /** When a line last became readable, or the shipper last read one, in Unix milliseconds. */
  get lastMovedAtMs(): number {
    return Math.max(this.watch.lastMovedAtMs, this.counters.shipperWatch.movedAtMs);
  }

  /** Resolves after the sink has been polled once more. */
  nextLook(): Promise<void> {
    return this.#arrivals.nextLook(this.#setup.context.signal);
  }

  /** Reads the counters of the parts once more, and records the current numbers of lines. */
  async noteEnd(): Promise<void> {
    await this.#counters.ask();
    this.#arrivals.sample();
  }

  /** Pauses polling while a fault breaks the sink, because a query would delay its graceful shutdown. */
  setSinkBroken(isBroken: boolean): void {
    this.#isSinkBroken = isBroken;
    this.#pauseOrResume();
  }

  /** Pauses polling during `work`, and returns or throws what `work` does. */
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

  /** Stops the observers and returns what each has recorded; may be called more than once. */
  stop(): Promise<Observed[]> {
    return Promise.all(this.#observers.map((observer) => observer.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function alertsObserverOf({ request }: RunSetup, stack: Stack): AlertsObserver | undefined {
  const { monitoring } = stack;
  const { alerts } = request.plan;
  if (!alerts || monitoring === undefined) return undefined;
  return new AlertsObserver({
    ...{ monitoring, ruleSets: alerts.ruleSets, lastWords },
    isOwn: stack.pipeline.ownMonitoring !== undefined,
    leastTargets: leastTargetsOf(stack),
  });
}

/**
 * How many parts the user's own Prometheus has to read, so that what they count tells when lines were lost. One of a stack that was up before
 * may read parts of other pipelines, by which the number would be reached as well, so that nothing is taken from it.
 */
function leastTargetsOf(stack: Stack): LeastTargets | undefined {
  const { pipeline } = stack;
  if (pipeline.ownMonitoring === undefined) return undefined;
  if (attachedProject(pipeline) !== undefined) return {};
  const countOf = (part: "shipper" | "sink") => stack.instances(servicesOf(pipeline, part)).length;
  return { "shipper-dropped": countOf("shipper"), "sink-refused": countOf("sink"), "kafka-deleted": 1 };
}
