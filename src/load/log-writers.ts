import type { StackImage } from "../places/stack-image.ts";
import type { Load, RunnableScenario } from "../plan/scenario.ts";
import { AppWriter, type AppWriterOptions, isRotationOfApp } from "./app-writer.ts";
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

/**
 * Why the writer of a load cannot carry out a scenario; undefined if it can.
 *
 * @param wanted what somebody wants of the load instead of the scenario's
 */
export function misfitOf(run: RunnableScenario, wanted: Partial<Load>): string | undefined {
  const { name, faults } = run;
  const by = wanted.by ?? run.load?.by ?? run.scenario.load.by ?? "generator";
  for (const fault of faults) {
    const isOfApp = fault.target === "app" || (fault.kind === "rotate" && fault.method === "own");
    if (by === "generator" && isOfApp) {
      const what = fault.kind === "kill" ? "crashes" : "rotates its own file";
      return `${name} is about an application that ${what}, and the generator is none; leave --load away, or pass --load nestjs.`;
    }
    if (by === "nestjs" && fault.kind === "rotate" && !isRotationOfApp(fault.method)) {
      return `${name} rotates the log file by ${fault.method}, and the application rotates by rename and create only; leave --load away.`;
    }
  }
  return undefined;
}
