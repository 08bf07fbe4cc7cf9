import type { StackImage } from "../places/stack-image.ts";
import { AppWriter, appImage } from "./app-writer.ts";
import type { AppsOptions } from "./apps.ts";
import { Generator } from "./generator.ts";
import type { AppSettings, LoadPlan, SourceName } from "./load-plan.ts";
import type { LoadWriter } from "./load-writer.ts";
import { StdoutWriter, stdoutImage } from "./stdout-writer.ts";

/** A group of instances that a run starts beside its pipeline. */
export interface ContainerGroup {
  instances: string[];
  images: StackImage[];
  logs(instance: string, tail: number): Promise<string>;
}

/** A load that has written its sentinels, and its instances. */
interface OpenLoad {
  writer: LoadWriter;
  containers: ContainerGroup[];
}

/** How lines get into a pipeline: what writes them, and where to. `load-abilities.ts` lists which faults each source supports. */
export interface Source {
  /** The image of the instances, one for each source of lines; undefined if Everyline writes the lines itself. */
  readonly image?: { name: string; version: string };
  /**
   * Writes the sentinel of each source; the other lines follow when the writer is started.
   *
   * @throws UnavailableError if an image or an instance that it needs is not available
   */
  open(plan: LoadPlan, settings: AppSettings, options: AppsOptions): Promise<OpenLoad>;
}

/** Everyline's own generator, which writes files in a folder. */
const generator: Source = {
  open: async (plan) => ({ writer: new Generator(plan), containers: [] }),
};

/** One NestJS application for each source, which writes files in a folder. */
const nestjs: Source = {
  image: appImage,
  open: async (plan, settings, options) => openIn(await AppWriter.create(plan, settings, options)),
};

/** One container with a generator for each source, which writes to stdout. */
const stdout: Source = {
  image: stdoutImage,
  open: async (plan, settings, options) => openIn(await StdoutWriter.create(plan, settings, options)),
};

/** Every source, by the name that `--load` takes. */
export const sources: Readonly<Record<SourceName, Source>> = { generator, nestjs, stdout };

function openIn(writer: AppWriter | StdoutWriter): OpenLoad {
  return { writer, containers: [writer.apps] };
}
