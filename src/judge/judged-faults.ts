import { type Ledger, sequencesWrittenBetween } from "../load/ledger.ts";
import type { KnownPlan } from "../plan/plan.ts";
import type { FaultRecord, JudgedFault } from "./fault-record.ts";

/**
 * Adds to each fault how long it held, how many lines were written meanwhile, and, if it stops the shipper, when the shipper gives up.
 *
 * @param faults in the order of the plan's schedule
 */
export function judgedFaults(
  { schedule = [], retries }: Pick<KnownPlan, "schedule" | "retries">,
  faults: FaultRecord[],
  ledger: Ledger,
): JudgedFault[] {
  return faults.map((fault, index) => {
    if (fault.startedAt === fault.endedAt) return { ...fault, held: null, shipperGivesUp: null };
    const seconds = (Date.parse(fault.endedAt) - Date.parse(fault.startedAt)) / 1_000;
    const held = { seconds, lines: linesWrittenDuring(fault, ledger) };
    const isCompared = schedule[index]?.stopsShipper === true && retries;
    return { ...fault, held, shipperGivesUp: isCompared ? (retries.horizon ?? "never") : null };
  });
}

/** The minimum number of lines that were written while a fault held. */
export function linesWrittenDuring(
  { startedAt, endedAt }: Pick<FaultRecord, "startedAt" | "endedAt">,
  ledger: Ledger,
): number {
  return ledger.sources.reduce((sum, source) => {
    const range = sequencesWrittenBetween(source, Date.parse(startedAt), Date.parse(endedAt));
    return sum + (range === undefined ? 0 : range.to - range.from + 1);
  }, 0);
}
