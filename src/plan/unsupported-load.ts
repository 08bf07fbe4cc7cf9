import { kindOf } from "../faults/registry.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Load, RunnableScenario } from "./scenario.ts";
import { sourceOfRun, unreadableReason } from "./source-of-run.ts";

/**
 * Why a scenario is not possible on a pipeline with the source of its load; undefined if it is.
 *
 * @param wanted settings of the caller that replace those of the scenario's load
 */
export function unsupportedLoad(
  run: RunnableScenario,
  wanted: Partial<Load>,
  pipeline: Pipeline,
): string | undefined {
  const by = sourceOfRun(run, wanted, pipeline);
  const unreadable = unreadableReason(by, pipeline);
  if (unreadable !== undefined) return `${run.name}: ${unreadable}.`;
  const reasons = run.faults.flatMap((fault) => kindOf(fault).unsupportedLoad?.(fault, by) ?? []);
  return reasons.length === 0 ? undefined : `${run.name} ${reasons[0]}.`;
}
