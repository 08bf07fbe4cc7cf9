import { pause } from "../base/abortable-pause.ts";
import { UsageError } from "../base/errors.ts";
import { Apps, type AppsOptions } from "./apps.ts";
import { ContainerWriter } from "./container-writer.ts";
import { FileFollower } from "./file-follower.ts";
import { areFilesRead, fileLocation } from "./file-location.ts";
import type { LinesLocation } from "./lines-location.ts";
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

/** What every NestJS application runs. */
export const appImage = { name: "nestjs-app", version: "0.1.0" };
const pollMs = 5;
const rotationTimeoutMs = 60_000;
/** The minimum length of a line. */
const leastLineBytes = 100;

/**
 * NestJS applications write the lines to files, one application for each source. The content of the files decides what counts as written.
 */
export class AppWriter extends ContainerWriter<FileFollower> {
  /**
   * Starts the applications and waits until each has written its sentinel. Whatever was started stays until the run is removed.
   *
   * @throws UnavailableError if one cannot be started or is not ready in time
   */
  static async create(plan: LoadPlan, settings: AppSettings, options: AppsOptions): Promise<AppWriter> {
    const clock = clockFromNow(plan);
    const { rotateBytes = 0, blockBytes = 0 } = settings;
    const environmentOf = (source: string, index: number) => ({
      SOURCE: source,
      SEED: plan.seed,
      CLOCK: JSON.stringify(clock),
      LINES: `${shareOfSource(plan, index)}`,
      LOG_ROTATE_BYTES: `${rotateBytes}`,
      LOG_BLOCK_BYTES: `${blockBytes}`,
    });
    const environments = new Map(
      plan.sources.map((source, index) => [source, environmentOf(source, index)] as const),
    );
    const program = { image: appImage, folderVariable: "LOG_DIR", environments };
    const apps = await Apps.up(program, options);
    await Promise.all(apps.instances.map((service) => apps.ready(service, options.signal)));
    const follower = new FileFollower({
      folder: plan.folder,
      seed: plan.seed,
      clock,
      sources: new Map(plan.sources.map((source, index) => [source, shareOfSource(plan, index)])),
    });
    const mostSilentMs = (1_000 * (blockBytes / leastLineBytes + 1)) / clock.linesPerSecond;
    return new AppWriter({ plan, clock, apps, follower, mostSilentMs, signal: options.signal });
  }

  get location(): LinesLocation {
    return fileLocation(this.plan);
  }

  /** Nothing to do: the shipper reads the files in the load's own folder. */
  async meetShipper(): Promise<void> {}

  isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean> {
    return areFilesRead(this.location, readBytes);
  }

  /** Nothing to do: an application gets its number of lines when it is started. */
  endAt(): void {}

  async rotate(method: RotationMethod): Promise<Rotation[]> {
    if (!loadAbilities.nestjs.rotations.includes(method)) {
      throw new UsageError("the application can rotate its file only by rename and create.");
    }
    if (this.hasEnded) return [];
    const before = this.follower.rotations.map(({ count }) => count);
    const isRotated = (count: number, index: number) => count > before[index]!;
    if (method === "rename-create") await this.tellAll("rotate");
    const deadlineMs = Date.now() + rotationTimeoutMs;
    while (
      !this.hasEnded &&
      Date.now() < deadlineMs &&
      !this.follower.rotations.every(({ count }, index) => isRotated(count, index))
    ) {
      await pause(pollMs, this.signal).catch(() => {});
    }
    return this.follower.rotations.flatMap(({ count, last }, index) =>
      last !== undefined && isRotated(count, index) ? last : [],
    );
  }

  async crash(): Promise<Crash[]> {
    const { instances: services } = this.apps;
    return this.allowingCrashes(async () => {
      const before = await Promise.all(services.map((service) => this.apps.state(service)));
      await Promise.all(services.map((service) => this.apps.kill(service)));
      this.poll();
      const { ends } = this.follower;
      const killed = await Promise.all(services.map((service) => this.apps.state(service)));
      await Promise.all(services.map((service) => this.apps.start(service)));
      const started = await Promise.all(services.map((service) => this.apps.state(service)));
      await Promise.all(services.map((service) => this.apps.ready(service, this.signal)));
      // An application that had written only its sentinel does not know that the load has begun.
      await this.tellAll("start");
      return services.map((source, index) => ({
        source,
        pid: before[index]!.pid,
        exitCode: killed[index]!.exitCode,
        endedAtMs: killed[index]!.endedAtMs,
        startedAtMs: started[index]!.startedAtMs,
        end: ends[index]!,
      }));
    });
  }
}

function shareOfSource({ lines, sources }: LoadPlan, index: number): number {
  return shareOf(lines, index, sources.length);
}
