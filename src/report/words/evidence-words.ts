import type { JudgedFault } from "../../judge/fault-record.ts";
import { describeEvidence } from "./describe-evidence.ts";

/** The evidence that a fault took effect or did not, how long it held, and when the shipper gives up. */
export function describeFaultEvidence(fault: JudgedFault): string {
  return describeFaultItems(fault).join("; ");
}

/** The same as a list of items. */
export function describeFaultItems(fault: JudgedFault): string[] {
  return [...fault.evidence.map((each) => describeEvidence(fault.kind, each)), ...describeHeld(fault)];
}

function describeHeld({ held, shipperGivesUp }: JudgedFault): string[] {
  if (held === null) return [];
  const figures = `held ${held.seconds.toFixed(2)} s, ${held.lines} lines written meanwhile`;
  return shipperGivesUp === null ? [figures] : [figures, describeHorizon(shipperGivesUp)];
}

/** When a shipper gives up according to its configuration. */
export function describeHorizon(givesUp: NonNullable<JudgedFault["shipperGivesUp"]>): string {
  if (givesUp === "never") return "by its configuration the shipper never gives up";
  const [earliest, latest] = [givesUp.earliestMs, givesUp.latestMs].map((ms) => (ms / 1_000).toFixed(1));
  return `by its configuration the shipper gives up after ${earliest} to ${latest} s`;
}
