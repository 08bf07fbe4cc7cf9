import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { stackChangeSchema } from "../places/stack-change.ts";

/** One finding about a fault, as data. The kind of the fault makes a sentence of it for reports. */
export interface Evidence {
  code: string;
}

/** The evidence that a fault of any kind may have. */
export const commonEvidence = z.discriminatedUnion("code", [
  /** A sentence in a document of an earlier version. */
  z.object({ code: z.literal("told"), text: z.string() }),
  /** The engine, or a part, refused what was asked of it. */
  z.object({ code: z.literal("failed"), message: z.string() }),
  /** The audit before it healed could not read Kafka or the sink. */
  z.object({ code: z.literal("read-failed"), problem: readProblemSchema }),
  /** It took effect, but ended before it was to heal. `found` is the evidence of the second check. */
  z.object({ code: z.literal("ended-early"), found: z.array(z.looseObject({ code: z.string() })) }),
  /** Something else changed the instances of the service, so the fault did not hit all of them. */
  z.object({ code: z.literal("stack-changed"), change: stackChangeSchema }),
  /** The audit of Kafka before it healed. */
  z.object({
    code: z.literal("kafka-held"),
    delivered: z.int(),
    written: z.int(),
    /** Records that Kafka's retention deleted after the audit, if it was disabled until then; null otherwise. */
    deleted: z.int().nullable(),
  }),
  /** The audit of the second site while the first was lost. */
  z.object({
    code: z.literal("second-site-held"),
    acknowledgedRecords: z.int(),
    readable: z.int(),
    /** How many of these became readable after the failover of one Kafka over both sites; null if there are two. */
    afterFailover: z.int().nullable(),
  }),
  /** Another fault of the schedule had already brought the instance down. */
  z.object({ code: z.literal("down-already"), instance: z.string() }),
  /** Before this fault healed, another fault of the schedule ended the process that it had changed. */
  z.object({ code: z.literal("ended-by-another"), instance: z.string() }),
]);

export type CommonEvidence = z.infer<typeof commonEvidence>;

/** Seconds with two decimal places, for a sentence. */
export function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
