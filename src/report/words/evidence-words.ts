import type { JudgedFault } from "../../judge/fault-record.ts";
import { describeEvidence } from "./describe-evidence.ts";

/** How it is known that a fault took effect, or that it did not, with how long it held and what that has to be compared with. */
export function describeFaultEvidence(fault: JudgedFault): string {
  return describeFaultItems(fault).join("; ");
}

/** The same, an item for each thing that is known. */
export function describeFaultItems(fault: JudgedFault): string[] {
  return [...fault.evidence.map((each) => describeEvidence(fault.kind, each)), ...describeHeld(fault)];
}

function describeHeld({ held, shipperGivesUp }: JudgedFault): string[] {
  if (held === null) return [];
  const figures = `held ${held.seconds.toFixed(2)} s, ${held.lines} lines written meanwhile`;
  return shipperGivesUp === null ? [figures] : [figures, describeHorizon(shipperGivesUp)];
}

/** When a shipper gives up, by its configuration. */
export function describeHorizon(givesUp: NonNullable<JudgedFault["shipperGivesUp"]>): string {
  if (givesUp === "never") return "by its configuration the shipper never gives up";
  const [earliest, latest] = [givesUp.earliestMs, givesUp.latestMs].map((ms) => (ms / 1_000).toFixed(1));
  return `by its configuration the shipper gives up after ${earliest} to ${latest} s`;
}
