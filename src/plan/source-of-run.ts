import { loadAbilities } from "../load/load-abilities.ts";
import type { SourceName } from "../load/load-plan.ts";
import { type Pipeline, readsOf } from "../pipeline/pipeline.ts";
import type { Load, RunnableScenario } from "./scenario.ts";

/**
 * The source of a run's lines: what the caller wants, else what the scenario says if the pipeline reads what that writes, else the one that
 * it reads.
 *
 * @param wanted what the caller wants of the load instead of the scenario's
 */
export function sourceOfRun(run: RunnableScenario, wanted: Partial<Load>, pipeline: Pipeline): SourceName {
  if (wanted.by !== undefined) return wanted.by;
  const by = run.load?.by ?? run.scenario.load.by ?? "generator";
  return readsOf(pipeline) === "stdout" ? "stdout" : by;
}

/** The pipeline of runs that name a source and no pipeline, where the first with a claim may not be able to read that source. */
export const defaultPipelines: Partial<Record<SourceName, string>> = { stdout: "direct-stdout" };

/** Why a pipeline cannot read what a source writes; undefined if it can. */
export function unreadableReason(by: SourceName, pipeline: Pipeline): string | undefined {
  if (loadAbilities[by].puts === readsOf(pipeline)) return undefined;
  return by === "stdout"
    ? `the shipper of ${pipeline.name} reads log files, not what containers write to stdout; leave --load away, or pass --pipeline direct-stdout`
    : `the shipper of ${pipeline.name} reads what containers write to stdout, not log files; leave --load away, or pass --load stdout`;
}
