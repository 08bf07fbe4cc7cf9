import type { StackImage } from "../places/stack-image.ts";
import { AppWriter, appImage } from "./app-writer.ts";
import type { AppsOptions } from "./apps.ts";
import { Generator } from "./generator.ts";
import type { AppSettings, LoadPlan, SourceName } from "./load-plan.ts";
import type { LoadWriter } from "./load-writer.ts";
import { StdoutWriter, stdoutImage } from "./stdout-writer.ts";

/** Some instances of a run beside its pipeline. */
export interface ContainerGroup {
  instances: string[];
  images: StackImage[];
  logs(instance: string, tail: number): Promise<string>;
}

/** A load that has begun with its sentinels, and the instances that it works in. */
interface OpenLoad {
  writer: LoadWriter;
  containers: ContainerGroup[];
}

/** How lines get into a pipeline: who writes them, and where to. What can be done to it is in `load-abilities.ts`. */
export interface Source {
  /** The image that one instance runs for each source of lines; undefined where Everyline writes them itself. */
  readonly image?: { name: string; version: string };
  /**
   * Writes the sentinel of each source; the lines come when the writer is told to start.
   *
   * @throws UnavailableError if something that it needs cannot be had
   */
  open(plan: LoadPlan, settings: AppSettings, options: AppsOptions): Promise<OpenLoad>;
}

/** Everyline's own generator, files in a folder. */
const generator: Source = {
  open: async (plan) => ({ writer: new Generator(plan), containers: [] }),
};

/** A NestJS application a source, files in a folder. */
const nestjs: Source = {
  image: appImage,
  open: async (plan, settings, options) => openIn(await AppWriter.create(plan, settings, options)),
};

/** A generator in a container a source, the container's stdout. */
const stdout: Source = {
  image: stdoutImage,
  open: async (plan, settings, options) => openIn(await StdoutWriter.create(plan, settings, options)),
};

/** Every source, by the name that `--load` takes. */
export const sources: Readonly<Record<SourceName, Source>> = { generator, nestjs, stdout };

function openIn(writer: AppWriter | StdoutWriter): OpenLoad {
  return { writer, containers: [writer.apps] };
}
