import type { Plan } from "../plan/plan.ts";
import type { FaultRecord } from "./fault-record.ts";

/**
 * The faults of a run that ended a process of a part, as the kind of each fault says in the plan. What that part had counted of itself
 * ended with the process.
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
