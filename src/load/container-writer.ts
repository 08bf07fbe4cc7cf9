import { pause } from "../base/abortable-pause.ts";
import { UnavailableError } from "../base/errors.ts";
import type { Apps } from "./apps.ts";
import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LinesLocation, LookAsShipper } from "./lines-location.ts";
import type { Crash, LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";
import type { LoadWriter } from "./load-writer.ts";

const pollMs = 5;
const stallTimeoutMs = 60_000;

/** Determines from the files in a folder what programs have written. */
export interface WrittenFollower {
  /** The number of written lines, without sentinels. */
  readonly written: number;
  /** Whether every source has written all its lines. */
  readonly isComplete: boolean;
  /** Marks the beginning of the load, so that the first lines have a lower bound for their time of writing as well. */
  begin(): void;
  /** Reads what is new; throws if the run cannot be judged by it. */
  poll(): void;
  /** The ledger of what was written, with time marks. */
  ledger(): Ledger;
  close(): void;
}

/** What a `ContainerWriter` needs. */
export interface ContainerWriterParts<Following extends WrittenFollower> {
  plan: LoadPlan;
  clock: LineClock;
  /** The programs, ready to write; one for each source. */
  apps: Apps;
  follower: Following;
  /** How long the programs may write nothing, in addition to one minute. */
  mostSilentMs?: number;
  signal: AbortSignal;
}

/**
 * Programs write the lines, one for each source, each in an instance of its own. They are told when to begin and to end, and a follower
 * determines how much they have written. If a program ends by itself, the load fails.
 */
export abstract class ContainerWriter<Following extends WrittenFollower> implements LoadWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly apps: Apps;
  readonly finished: Promise<Ledger>;
  protected readonly follower: Following;
  /** Aborts when the load or the run ends. */
  protected readonly signal: AbortSignal;
  readonly #stallMs: number;
  readonly #outcome = Promise.withResolvers<Ledger>();
  readonly #over = new AbortController();
  #movedAtMs = Number.POSITIVE_INFINITY;
  #isCrashing = false;
  #isStopping = false;

  constructor({ plan, clock, apps, follower, mostSilentMs = 0, signal }: ContainerWriterParts<Following>) {
    this.plan = plan;
    this.clock = clock;
    this.apps = apps;
    this.follower = follower;
    this.signal = AbortSignal.any([signal, this.#over.signal]);
    this.#stallMs = stallTimeoutMs + mostSilentMs;
    this.finished = this.#outcome.promise;
    // A rejection before anybody awaits the promise must not count as unhandled.
    this.finished.catch(() => {});
    for (const name of apps.instances) this.#watch(name);
    void this.#follow();
  }

  abstract readonly location: LinesLocation;
  abstract meetShipper(look: LookAsShipper | undefined): Promise<void>;
  abstract isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean>;
  abstract rotate(method: RotationMethod): Promise<Rotation[]>;
  abstract crash(): Promise<Crash[]>;
  abstract endAt(lines: number): void;

  get written(): number {
    return this.follower.written;
  }

  get hasEnded(): boolean {
    return this.#over.signal.aborted;
  }

  start(): void {
    this.follower.begin();
    this.#movedAtMs = Date.now();
    this.tellAll("start").catch((thrown) => this.fail(thrown));
  }

  stop(): void {
    if (this.hasEnded || this.#isStopping) return;
    this.#isStopping = true;
    // A program that does not answer was killed or is being removed; its files show what it has written.
    Promise.allSettled(this.apps.instances.map((name) => this.apps.tell(name, "stop")))
      .then(() => this.hasEnded || this.poll())
      .then(
        () => this.#end(),
        (thrown) => this.fail(thrown),
      );
  }

  soFar(): Ledger {
    const ledger = this.follower.ledger();
    return { ...ledger, sources: ledger.sources.map((source) => ({ ...source, marks: [] })) };
  }

  protected async tellAll(command: "start" | "rotate"): Promise<void> {
    await Promise.all(this.apps.instances.map((name) => this.apps.tell(name, command)));
  }

  /** Reads what is new. If the run cannot be judged by it, the load fails, also when this is called from outside. */
  protected poll(): void {
    try {
      this.follower.poll();
    } catch (thrown) {
      this.fail(thrown);
      throw thrown;
    }
  }

  /** Runs work that ends and restarts the programs. Meanwhile a program that ends does not fail the load. */
  protected async allowingCrashes<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isCrashing = true;
    try {
      return await work();
    } finally {
      this.#isCrashing = false;
      this.#movedAtMs = Date.now();
      for (const name of this.apps.instances) this.#watch(name);
    }
  }

  protected fail(thrown: unknown): void {
    this.#outcome.reject(thrown);
    this.#close();
  }

  /** Polls until the last line is written. */
  async #follow(): Promise<void> {
    try {
      for (let written = 0; !this.hasEnded; await pause(pollMs, this.signal)) {
        this.poll();
        // One more poll after the last line detects a program that writes too much.
        if (this.follower.isComplete) this.stop();
        if (this.written > written || this.#isCrashing) this.#movedAtMs = Date.now();
        written = this.written;
        if (Date.now() - this.#movedAtMs > this.#stallMs) {
          const seconds = Math.round(this.#stallMs / 1_000);
          throw new UnavailableError(
            `the application has written no line for ${seconds} s after ${written}.`,
          );
        }
      }
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** Fails the load when a program ends unexpectedly. */
  #watch(name: string): void {
    this.apps.ended(name, this.#over.signal).then(
      (how) => {
        if (this.#isCrashing) return;
        this.fail(
          new UnavailableError(`the application ${name}, which writes the lines, ended by itself: ${how}`),
        );
      },
      // The program is being removed, or the load is over.
      () => {},
    );
  }

  #end(): void {
    try {
      this.#outcome.resolve(this.follower.ledger());
    } catch (thrown) {
      this.#outcome.reject(thrown);
    }
    this.#close();
  }

  #close(): void {
    if (this.hasEnded) return;
    this.#over.abort();
    this.follower.close();
  }
}
