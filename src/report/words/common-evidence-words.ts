import type { CommonEvidence, Evidence } from "../../faults/evidence.ts";
import type { StackChange } from "../../places/stack-change.ts";
import { describeReadProblem, withoutFullStop } from "./read-problem-words.ts";

/**
 * The words for a finding that a fault of any kind may have.
 *
 * @param describe makes the words for a finding of the fault's own kind
 */
export function describeCommon(evidence: CommonEvidence, describe: (evidence: Evidence) => string): string {
  switch (evidence.code) {
    case "told":
      return evidence.text;
    case "kafka-held":
      return describeKafkaHeld(evidence);
    case "second-site-held":
      return describeSecondSite(evidence);
    case "stack-changed":
      return describeChange(evidence.change);
    case "failed":
      return `it failed: ${evidence.message}`;
    case "read-failed":
      return `it failed: ${withoutFullStop(describeReadProblem(evidence.problem))}`;
    case "ended-early":
      return `it did not last until it was to heal: ${evidence.found.map(describe).join("; ")}`;
    case "down-already":
      return `${evidence.instance} was down already, by another fault of the schedule`;
    case "ended-by-another":
      return `another fault of the schedule ended the process of ${evidence.instance}, and this fault with it`;
  }
}

function describeKafkaHeld({
  delivered,
  written,
  deleted,
}: Extract<CommonEvidence, { code: "kafka-held" }>): string {
  const held = `Kafka held ${delivered} of ${written} lines before it healed`;
  return deleted === null ? held : `${held}; its retention then deleted ${deleted} records`;
}

function describeSecondSite({
  acknowledgedRecords,
  readable,
  afterFailover,
}: Extract<CommonEvidence, { code: "second-site-held" }>): string {
  const held = `by then ${acknowledgedRecords} records had been acknowledged, and ${readable} lines could be read in the second site`;
  return afterFailover === null
    ? held
    : `${held}, ${afterFailover} of them once min.insync.replicas was lowered to the two brokers that are left`;
}

/** Seconds with two digits behind the point, for a sentence. */

/** A change of a stack in a few words. */
export function describeChange(change: StackChange): string {
  return change.code === "instance-gone"
    ? `the container of ${change.instance} is gone`
    : `the container ${change.name} of ${change.service} runs, which did not when the run began`;
}
