import { UnavailableError, UsageError } from "../base/errors.ts";
import { pause } from "../base/pause.ts";
import type { Apps, AppsOptions } from "../places/apps.ts";
import type { Place } from "../places/place.ts";
import { FileFollower } from "./file-follower.ts";
import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import { loadAbilities } from "./load-abilities.ts";
import {
  type AppSettings,
  type Crash,
  clockFromNow,
  type LoadPlan,
  type Rotation,
  type RotationMethod,
  shareOf,
} from "./load-plan.ts";
import type { LogWriter } from "./log-writer.ts";

const pollMs = 5;
const rotationTimeoutMs = 60_000;
const stallTimeoutMs = 60_000;
/** No line is shorter. */
const leastLineBytes = 100;

/** What `AppWriter.create` needs from outside. */
export type AppWriterOptions = Omit<AppsOptions, "environments"> & { place: Place };

/** Whether the application can rotate its file that way. */
export function isRotationOfApp(method: RotationMethod): boolean {
  return loadAbilities.nestjs.rotations.includes(method);
}

/**
 * Real applications write the lines, one a source, each in a container. They are told when to begin and to end; what they have
 * written is what their files say.
 */
export class AppWriter implements LogWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly apps: Apps;
  readonly finished: Promise<Ledger>;
  readonly #follower: FileFollower;
  readonly #stallMs: number;
  readonly #outcome = Promise.withResolvers<Ledger>();
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #movedAtMs = Number.POSITIVE_INFINITY;
  #isCrashing = false;
  #isStopping = false;

  private constructor(
    plan: LoadPlan,
    clock: LineClock,
    apps: Apps,
    { blockBytes = 0 }: AppSettings,
    signal: AbortSignal,
  ) {
    this.plan = plan;
    this.clock = clock;
    this.apps = apps;
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
    this.#stallMs = stallTimeoutMs + (1_000 * (blockBytes / leastLineBytes + 1)) / clock.linesPerSecond;
    this.#follower = new FileFollower({
      folder: plan.folder,
      seed: plan.seed,
      clock,
      sources: new Map(plan.sources.map((source, index) => [source, shareOfSource(plan, index)])),
    });
    this.finished = this.#outcome.promise;
    // Somebody always awaits it, but perhaps not yet when an application ends early.
    this.finished.catch(() => {});
    for (const service of apps.instances) this.#watch(service);
    void this.#follow();
  }

  /**
   * Starts the applications and waits until each has written its sentinel. Whatever was started stays until `removeProject`.
   *
   * @throws UnavailableError if one cannot be had or is not ready in time
   */
  static async create(plan: LoadPlan, settings: AppSettings, options: AppWriterOptions): Promise<AppWriter> {
    const clock = clockFromNow(plan);
    const environmentOf = (source: string, index: number) => ({
      SOURCE: source,
      SEED: plan.seed,
      CLOCK: JSON.stringify(clock),
      LINES: `${shareOfSource(plan, index)}`,
      LOG_ROTATE_BYTES: `${settings.rotateBytes ?? 0}`,
      LOG_BLOCK_BYTES: `${settings.blockBytes ?? 0}`,
    });
    const environments = new Map(
      plan.sources.map((source, index) => [source, environmentOf(source, index)] as const),
    );
    const { place } = options;
    if (place.startApps === undefined)
      throw new UsageError("applications cannot be started in this place; leave --load away.");
    const apps = await place.startApps({ ...options, environments });
    await Promise.all(apps.instances.map((service) => apps.ready(service, options.signal)));
    return new AppWriter(plan, clock, apps, settings, options.signal);
  }

  get written(): number {
    return this.#follower.written;
  }

  get hasEnded(): boolean {
    return this.#over.signal.aborted;
  }

  start(): void {
    this.#follower.begin();
    this.#movedAtMs = Date.now();
    this.#tellAll("start").catch((thrown) => this.#fail(thrown));
  }

  stop(): void {
    if (this.hasEnded || this.#isStopping) return;
    this.#isStopping = true;
    // One that does not answer has been killed, or is being removed: its file says what it has written.
    Promise.allSettled(this.apps.instances.map((service) => this.apps.tell(service, "stop")))
      .then(() => this.hasEnded || this.#poll())
      .then(
        () => this.#end(),
        (thrown) => this.#fail(thrown),
      );
  }

  /** An application is told beforehand how many lines it is to write. */
  endAt(): void {}

  soFar(): Ledger {
    const ledger = this.#follower.ledger();
    return { ...ledger, sources: ledger.sources.map((source) => ({ ...source, marks: [] })) };
  }

  async rotate(method: RotationMethod): Promise<Rotation[]> {
    if (!isRotationOfApp(method)) {
      throw new UsageError("the application rotates its file by rename and create, and by nothing else.");
    }
    if (this.hasEnded) return [];
    const before = this.#follower.rotations.map(({ count }) => count);
    const isRotated = (count: number, index: number) => count > before[index]!;
    if (method === "rename-create") await this.#tellAll("rotate");
    const deadlineMs = Date.now() + rotationTimeoutMs;
    while (
      !this.hasEnded &&
      Date.now() < deadlineMs &&
      !this.#follower.rotations.every(({ count }, index) => isRotated(count, index))
    ) {
      await pause(pollMs, this.#signal).catch(() => {});
    }
    return this.#follower.rotations.flatMap(({ count, last }, index) =>
      last !== undefined && isRotated(count, index) ? last : [],
    );
  }

  async crash(): Promise<Crash[]> {
    const { instances: services } = this.apps;
    this.#isCrashing = true;
    try {
      const pids = await Promise.all(services.map(async (service) => (await this.apps.state(service)).pid));
      await Promise.all(services.map((service) => this.apps.kill(service)));
      this.#poll();
      const { ends } = this.#follower;
      const killed = await Promise.all(services.map((service) => this.apps.state(service)));
      await Promise.all(services.map((service) => this.apps.start(service)));
      const started = await Promise.all(services.map((service) => this.apps.state(service)));
      await Promise.all(services.map((service) => this.apps.ready(service, this.#signal)));
      // One that had written nothing but its sentinel does not know that it is to go on.
      await this.#tellAll("start");
      return services.map((source, index) => ({
        source,
        pid: pids[index]!,
        exitCode: killed[index]!.exitCode,
        endedAtMs: killed[index]!.endedAtMs,
        startedAtMs: started[index]!.startedAtMs,
        end: ends[index]!,
      }));
    } finally {
      this.#isCrashing = false;
      this.#movedAtMs = Date.now();
      for (const service of services) this.#watch(service);
    }
  }

  async #tellAll(command: "start" | "rotate"): Promise<void> {
    await Promise.all(this.apps.instances.map((service) => this.apps.tell(service, command)));
  }

  /** Reads what is new until the last line is there. */
  async #follow(): Promise<void> {
    try {
      for (let written = 0; !this.hasEnded; await pause(pollMs, this.#signal)) {
        this.#poll();
        // Whatever it would write beyond the last line is to be seen.
        if (this.#follower.isComplete) this.stop();
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
      this.#fail(thrown);
    }
  }

  /** Reads what is new; files that no run can be judged by end the load, whoever looked. */
  #poll(): void {
    try {
      this.#follower.poll();
    } catch (thrown) {
      this.#fail(thrown);
      throw thrown;
    }
  }

  /** An application that ends though nothing was to end it ends the load. */
  #watch(service: string): void {
    this.apps.ended(service, AbortSignal.any([this.#over.signal])).then(
      (how) => {
        if (this.#isCrashing) return;
        this.#fail(
          new UnavailableError(`the application ${service}, which writes the lines, ended by itself: ${how}`),
        );
      },
      // It is being removed, or the load is over.
      () => {},
    );
  }

  #end(): void {
    this.#outcome.resolve(this.#follower.ledger());
    this.#close();
  }

  #fail(thrown: unknown): void {
    this.#outcome.reject(thrown);
    this.#close();
  }

  #close(): void {
    if (this.hasEnded) return;
    this.#over.abort();
    this.#follower.close();
  }
}

function shareOfSource({ lines, sources }: LoadPlan, index: number): number {
  return shareOf(lines, index, sources.length);
}
