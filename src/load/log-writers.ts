import type { StackImage } from "../places/stack-image.ts";
import type { Load } from "../plan/scenario.ts";
import { AppWriter, type AppWriterOptions } from "./app-writer.ts";
import { Generator } from "./generator.ts";
import type { LoadPlan } from "./load-plan.ts";
import type { LogWriter } from "./log-writer.ts";

/** Some containers of a run. */
export interface ContainerGroup {
  instances: string[];
  images: StackImage[];
  logs(instance: string, tail: number): Promise<string>;
}

/** A writer that has written the sentinels, and the containers that it works in. */
export interface ReadyWriter {
  writer: LogWriter;
  containers: ContainerGroup[];
}

/** Makes the writer that a load asks for. */
export async function createWriter(
  plan: LoadPlan,
  load: Load,
  options: AppWriterOptions,
): Promise<ReadyWriter> {
  if (load.by !== "nestjs") return { writer: new Generator(plan), containers: [] };
  const writer = await AppWriter.create(plan, load.app ?? {}, options);
  return { writer, containers: [writer.apps] };
}
