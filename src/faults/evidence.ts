import { z } from "zod";
import { describeChange } from "../places/describe-change.ts";

/** One finding about a fault: data, whose sentence the fault's kind makes for a report. */
export interface Evidence {
  code: string;
}

const stackChange = z.discriminatedUnion("code", [
  z.object({ code: z.literal("instance-gone"), instance: z.string() }),
  z.object({ code: z.literal("instance-new"), service: z.string(), name: z.string() }),
]);

/** What may be found of a fault of any kind. */
export const commonEvidence = z.discriminatedUnion("code", [
  /** A sentence of a document that was stored before evidence was data. */
  z.object({ code: z.literal("told"), text: z.string() }),
  /** The engine, or a part, refused what was asked of it. */
  z.object({ code: z.literal("failed"), message: z.string() }),
  /** It took effect, but not until it was to heal: what the second look found. */
  z.object({ code: z.literal("ended-early"), found: z.array(z.looseObject({ code: z.string() })) }),
  /** Something else changed which instances serve, so the fault did not meet all of them. */
  z.object({ code: z.literal("stack-changed"), change: stackChange }),
  /** What was counted before it healed. */
  z.object({
    code: z.literal("kafka-held"),
    delivered: z.int(),
    written: z.int(),
    /** Records that Kafka's retention deleted then, where it had been held off until all was there. */
    deleted: z.int().nullable(),
  }),
  /** What a second site had of what the first had acknowledged, while the first was lost. */
  z.object({
    code: z.literal("second-site-held"),
    acknowledgedRecords: z.int(),
    readable: z.int(),
    /** How many of these could be read once one Kafka over both sites was told to go on with the brokers that are left. */
    afterFailover: z.int().nullable(),
  }),
  /** Another fault of the schedule had brought the instance down already. */
  z.object({ code: z.literal("down-already"), instance: z.string() }),
  /** Another fault of the schedule ended, before this one healed, the process that this one had changed. */
  z.object({ code: z.literal("ended-by-another"), instance: z.string() }),
]);

export type CommonEvidence = z.infer<typeof commonEvidence>;

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
export function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
