import { basename, dirname } from "node:path";
import { pause } from "../base/abortable-pause.ts";
import { UnavailableError, UsageError } from "../base/errors.ts";
import { Apps, type AppsOptions } from "./apps.ts";
import { ContainerWriter, type ContainerWriterParts } from "./container-writer.ts";
import type { LinesLocation, LookAsShipper } from "./lines-location.ts";
import {
  type AppSettings,
  type Crash,
  clockFromNow,
  type LoadPlan,
  type Rotation,
  type RotationMethod,
  shareOf,
} from "./load-plan.ts";
import { StdoutFollower } from "./stdout-follower.ts";

/** The image of the generators that write to stdout. */
export const stdoutImage = { name: "stdout-generator", version: "0.1.0" };
/** How many json-files the engine keeps if it rotates them: the current one and two older ones. */
const keptFiles = 3;
const rotationPollMs = 50;
const rotationTimeoutMs = 60_000;

/**
 * Generators in containers, one for each source, write the lines to stdout. The engine stores them in json-files, which the shipper reads.
 * A line counts as written when the write to stdout has returned. It is then in the pipe to the engine; whether the engine has already
 * stored it is not known.
 */
export class StdoutWriter extends ContainerWriter<StdoutFollower> {
  readonly location: LinesLocation;
  #look: LookAsShipper | undefined;
  #hasEnd: boolean;

  private constructor(parts: ContainerWriterParts<StdoutFollower>, location: LinesLocation) {
    super(parts);
    this.location = location;
    const { lines, mostLines = lines } = parts.plan;
    this.#hasEnd = mostLines <= lines;
  }

  /**
   * Starts the generators and waits until each has written its sentinel. Whatever was started stays until the run is removed.
   *
   * @throws UnavailableError if one cannot be started, is not ready in time, or its stdout is not stored in a file
   */
  static async create(plan: LoadPlan, settings: AppSettings, options: AppsOptions): Promise<StdoutWriter> {
    const clock = clockFromNow(plan);
    const { seed, sources, folder, line, lines, mostLines = lines } = plan;
    const environmentOf = (source: string, index: number) => ({
      SOURCE: source,
      SEED: seed,
      CLOCK: JSON.stringify(clock),
      ...(line && { LINE: line.template }),
      LINES: `${shareOf(mostLines, index, sources.length)}`,
    });
    const environments = new Map(
      sources.map((source, index) => [source, environmentOf(source, index)] as const),
    );
    const { rotateBytes: bytes } = settings;
    const rotation = bytes === undefined ? undefined : { bytes, files: keptFiles };
    const stdout = (index: number) => ({ rotation, shownAs: options.shownAs?.(index) });
    const program = { image: stdoutImage, folderVariable: "LEDGER_DIR", environments, stdout };
    const apps = await Apps.up(program, options);
    await Promise.all(sources.map((source) => apps.ready(source, options.signal)));
    const clockOffsetsMs = new Map(sources.map((source) => [source, apps.clockOffsetMs(source)] as const));
    const follower = new StdoutFollower({ folder, seed, clock, line, clockOffsetsMs });
    const paths = await Promise.all(sources.map((source) => apps.stdoutFile(source)));
    return new StdoutWriter({ plan, clock, apps, follower, signal: options.signal }, locationOf(paths));
  }

  async meetShipper(look: LookAsShipper | undefined): Promise<void> {
    this.#look = look;
    if (look === undefined) return;
    const seen = await Promise.all(this.#paths.map((path) => look(path)));
    if (seen.every((file) => file !== undefined)) return;
    throw new UnavailableError(
      `the shipper does not see the files in which the container engine stores the stdout of containers, in ${this.location.folder}: ` +
        "where the engine runs in a virtual machine, as Docker Desktop does, its files may be out of reach. Run this on Linux with Docker Engine.",
    );
  }

  endAt(lines: number): void {
    if (this.#hasEnd) return;
    this.#hasEnd = true;
    const { instances } = this.apps;
    const told = instances.map((name, index) => {
      // A generator that is already beyond this line ends after the line that it is writing.
      const line = Math.max(1, shareOf(lines, index, instances.length));
      return this.apps.tell(name, `end-at/${line}`);
    });
    Promise.all(told).catch((thrown) => this.fail(thrown));
  }

  async isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean> {
    const look = this.#look;
    if (look === undefined) return false;
    const read = this.#paths.map(async (path, index) => {
      const [file, rotated] = await Promise.all([look(path), look(rotatedTo(path))]);
      return (
        rotated === undefined &&
        file !== undefined &&
        file.bytes === readBytes[this.location.fileNames[index]!]
      );
    });
    return (await Promise.all(read)).every((isRead) => isRead);
  }

  /** The engine rotates a json-file by rename and create, between two lines, when it has become too large. */
  async rotate(method: RotationMethod): Promise<Rotation[]> {
    if (method !== "own") {
      throw new UsageError("the container engine rotates its json-files only by itself, by their size.");
    }
    const look = this.#look;
    if (look === undefined)
      throw new UsageError("the shipper asks the engine, which does not tell when it rotates its files.");
    const timeout = AbortSignal.timeout(rotationTimeoutMs);
    const signal = AbortSignal.any([this.signal, timeout]);
    const rotations = this.#paths.map(async (path, index): Promise<Rotation[]> => {
      const before = await look(rotatedTo(path));
      while (!signal.aborted) {
        const now = await look(rotatedTo(path));
        if (now !== undefined && now.modifiedAt !== before?.modifiedAt) {
          const { source, written } = this.follower.writtenBySource[index]!;
          return [{ source, bytes: now.bytes, afterSequence: written }];
        }
        await pause(rotationPollMs, signal).catch(() => {});
      }
      return [];
    });
    return (await Promise.all(rotations)).flat();
  }

  async crash(): Promise<Crash[]> {
    throw new UsageError(
      "how much a killed generator had written to stdout cannot be determined, so it cannot be killed.",
    );
  }

  /** The path of each source's file within the location's folder. */
  get #paths(): string[] {
    const { containers = [], fileNames } = this.location;
    return fileNames.map((name, index) => `${containers[index]}/${name}`);
  }
}

/** @param paths such as `/var/lib/docker/containers/ID/ID-json.log`; their folders must have the same parent folder */
function locationOf(paths: string[]): LinesLocation {
  return {
    folder: dirname(dirname(paths[0]!)),
    containers: paths.map((path) => basename(dirname(path))),
    fileNames: paths.map((path) => basename(path)),
  };
}

function rotatedTo(path: string): string {
  return `${path}.1`;
}
