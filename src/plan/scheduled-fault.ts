import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { parseFault } from "../faults/parse-fault.ts";
import { type FaultSpec, kindOf } from "../faults/registry.ts";
import type { Plan } from "./plan.ts";

const share = z.number().min(0).max(1);

/** When a fault holds, as shares (0 to 1) of the lines of the load. */
const timing = {
  /** Injected when this share of the lines is written. */
  at: share,
  /** Healed when this share of the lines is written; absent for a fault that ends by itself. */
  until: share.optional(),
  /**
   * Before the fault heals, or before it begins if it takes no time, the run waits until the lines on their way to this place have arrived
   * there, then reads and counts all of them.
   */
  audit: z.enum(["kafka", "site-b"]).optional(),
};

export type ScheduledFault = FaultSpec & z.infer<z.ZodObject<typeof timing>>;

/** What is read and counted before a fault heals: everything in Kafka, or everything that is readable in the second site. */
export type Audit = NonNullable<ScheduledFault["audit"]>;

/**
 * Checks a fault of a schedule: the parameters of its kind, and when it holds.
 *
 * @throws UsageError naming the kind, the parameter, and what was expected
 */
export function parseScheduledFault(value: unknown): ScheduledFault {
  const fault = parseFault(value, timing);
  const { kind, target, at, until } = fault;
  const problem = timingProblem(kindOf(fault).lasts(fault), at, until);
  if (problem !== undefined) throw new UsageError(`the fault ${kind} ${target} ${problem}.`);
  return fault;
}

/**
 * The faults of a plan's schedule, without the figures that the plan adds for people.
 *
 * @throws UsageError if the parameters of a fault are not valid
 */
export function faultsOf({ schedule }: Pick<Plan, "schedule">): ScheduledFault[] {
  return schedule.map(
    ({ injected: _, healed: __, expected: ___, ends: ____, stopsShipper: _____, ...fault }) =>
      parseScheduledFault(fault),
  );
}

function timingProblem(lasts: boolean, at: number, until: number | undefined): string | undefined {
  if (!lasts) return until === undefined ? undefined : "ends by itself, so it can have no `until`";
  if (until === undefined) return "holds until it heals, so it needs an `until`";
  return until < at ? `is to heal (until ${until}) before it is injected (at ${at})` : undefined;
}
