import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { stackChangeSchema } from "../places/stack-change.ts";

/** One finding about a fault: data, whose sentence the fault's kind makes for a report. */
export interface Evidence {
  code: string;
}

/** What may be found of a fault of any kind. */
export const commonEvidence = z.discriminatedUnion("code", [
  /** A sentence of a document that was stored before evidence was data. */
  z.object({ code: z.literal("told"), text: z.string() }),
  /** The engine, or a part, refused what was asked of it. */
  z.object({ code: z.literal("failed"), message: z.string() }),
  /** What was to be counted before it healed could not be read. */
  z.object({ code: z.literal("read-failed"), problem: readProblemSchema }),
  /** It took effect, but not until it was to heal: what the second look found. */
  z.object({ code: z.literal("ended-early"), found: z.array(z.looseObject({ code: z.string() })) }),
  /** Something else changed which instances serve, so the fault did not meet all of them. */
  z.object({ code: z.literal("stack-changed"), change: stackChangeSchema }),
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

export function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
