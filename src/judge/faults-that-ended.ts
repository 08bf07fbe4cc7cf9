import type { Plan } from "../plan/plan.ts";
import type { FaultRecord } from "./fault-record.ts";

/**
 * The faults of a run that ended a process of a part, according to the kind of each fault (`ends` in the plan). The counters of the part
 * were lost with the process.
 *
 * @param faults in the order of the plan's schedule
 */
export function faultsThatEnded(
  { schedule }: Pick<Plan, "schedule">,
  faults: FaultRecord[],
  part: string,
): FaultRecord[] {
  return faults.filter((_, index) => schedule[index]?.ends.includes(part));
}
