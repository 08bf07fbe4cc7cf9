import { kindOf } from "../faults/registry.ts";
import type { Load, RunnableScenario } from "./scenario.ts";

/**
 * Why a scenario cannot be carried out with the writer of a load; undefined if it can.
 *
 * @param wanted what somebody wants of the load instead of the scenario's
 */
export function unsupportedLoad(run: RunnableScenario, wanted: Partial<Load>): string | undefined {
  const by = wanted.by ?? run.load?.by ?? run.scenario.load.by ?? "generator";
  const reasons = run.faults.flatMap((fault) => kindOf(fault).unsupportedLoad?.(fault, by) ?? []);
  return reasons.length === 0 ? undefined : `${run.name} ${reasons[0]}.`;
}
