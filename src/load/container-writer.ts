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

/** Knows what programs have written, by what they leave in a folder. */
export interface WrittenFollower {
  /** How many lines, sentinels left out. */
  readonly written: number;
  /** Whether every source has written all its lines. */
  readonly isComplete: boolean;
  /** Says that the load begins now, so that the first lines have a lower bound, too. */
  begin(): void;
  /** Reads what is new; throws what makes the run worthless. */
  poll(): void;
  /** What was written, with the marks of when. */
  ledger(): Ledger;
  close(): void;
}

/** What a `ContainerWriter` is made of. */
export interface ContainerWriterParts<Following extends WrittenFollower> {
  plan: LoadPlan;
  clock: LineClock;
  /** The programs, ready, one a source. */
  apps: Apps;
  follower: Following;
  /** How much longer than a minute the programs may write nothing. */
  mostSilentMs?: number;
  signal: AbortSignal;
}

/**
 * Programs write the lines, one a source, each an instance of its own. They are told when to begin and to end; how much they have written
 * a follower knows. A program that ends by itself ends the load.
 */
export abstract class ContainerWriter<Following extends WrittenFollower> implements LoadWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly apps: Apps;
  readonly finished: Promise<Ledger>;
  protected readonly follower: Following;
  /** Aborts when the load is over, or the run. */
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
    // Somebody always awaits it, but perhaps not yet when a program ends early.
    this.finished.catch(() => {});
    for (const name of apps.instances) this.#watch(name);
    void this.#follow();
  }

  abstract readonly location: LinesLocation;
  abstract meetShipper(look: LookAsShipper): Promise<void>;
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
    // One that does not answer has been killed, or is being removed: what it left says what it has written.
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

  /** Reads what is new; what no run can be judged by ends the load, whoever looked. */
  protected poll(): void {
    try {
      this.follower.poll();
    } catch (thrown) {
      this.fail(thrown);
      throw thrown;
    }
  }

  /** Does something that ends the programs and starts them again, which ends the load at no other time. */
  protected async whileCrashing<Result>(work: () => Promise<Result>): Promise<Result> {
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

  /** Reads what is new until the last line is there. */
  async #follow(): Promise<void> {
    try {
      for (let written = 0; !this.hasEnded; await pause(pollMs, this.signal)) {
        this.poll();
        // Whatever a program would write beyond the last line is to be seen.
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

  /** A program that ends though nothing was to end it ends the load. */
  #watch(name: string): void {
    this.apps.ended(name, this.#over.signal).then(
      (how) => {
        if (this.#isCrashing) return;
        this.fail(
          new UnavailableError(`the application ${name}, which writes the lines, ended by itself: ${how}`),
        );
      },
      // It is being removed, or the load is over.
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
