import { loadAbilities } from "../load/load-abilities.ts";
import type { SourceName } from "../load/load-plan.ts";
import { defaultFileNames } from "../pipeline/file-name.ts";
import { type Pipeline, readsOf } from "../pipeline/pipeline.ts";
import type { Load, RunnableScenario } from "./scenario.ts";

/**
 * The source of a run's lines: the one that the caller names; otherwise `stdout` if the pipeline reads the stdout of containers; otherwise
 * the one of the scenario.
 *
 * @param wanted settings of the caller that replace those of the scenario's load
 */
export function sourceOfRun(run: RunnableScenario, wanted: Partial<Load>, pipeline: Pipeline): SourceName {
  if (wanted.by !== undefined) return wanted.by;
  const by = run.load?.by ?? run.scenario.load.by ?? "generator";
  return readsOf(pipeline) === "stdout" ? "stdout" : by;
}

/** The default pipeline of a run that names a source but no pipeline, for sources that the scenario's first pipeline cannot read. */
export const defaultPipelines: Partial<Record<SourceName, string>> = { stdout: "direct-stdout" };

/** Why a pipeline cannot read the lines of a source; undefined if it can. */
export function unreadableReason(by: SourceName, pipeline: Pipeline): string | undefined {
  if (loadAbilities[by].puts === readsOf(pipeline)) {
    const unwritable = unwritableReason(by, pipeline);
    return unwritable && `this load ${unwritable}; omit --load`;
  }
  return by === "stdout"
    ? `the shipper of ${pipeline.name} reads log files, not the stdout of containers; omit --load, or pass --pipeline direct-stdout`
    : `the shipper of ${pipeline.name} reads the stdout of containers, not log files; omit --load, or pass --load stdout`;
}

/** Why a source cannot write what the configuration of a custom pipeline says; undefined if it can. */
export function unwritableReason(by: SourceName, { deployment }: Pipeline): string | undefined {
  if (by !== "nestjs" || deployment.kind !== "own") return undefined;
  // The lines are then those of the source `stdout`.
  if (deployment.stdout !== undefined) return undefined;
  const { fileNames, isFileMounted, template } = deployment.lines;
  const named = isFileMounted ? "source.path" : fileNames === defaultFileNames ? undefined : "source.file";
  const key = template === undefined ? named : "source.line";
  return key && `is written by a NestJS application, whose files and lines are not those of ${key}`;
}
