import { z } from "zod";
import { orTold } from "../base/told.ts";
import { horizonSchema } from "../plan/plan.ts";

/**
 * One finding about a fault, as figures. The kind of the fault defines which figures belong to a `code`; `told` is a sentence of an earlier
 * version.
 */
const evidenceSchema = z.looseObject({ code: z.string() });

/** What a run recorded of one fault of its schedule, with the parameters of its kind. */
export const faultRecordSchema = z.looseObject({
  kind: z.string(),
  target: z.string(),
  /** When its injection began. That is earlier than `startedAt` if a process takes long to end. Absent in older documents. */
  askedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  effective: z.boolean(),
  evidence: z.array(evidenceSchema),
  /** The containers that exited by themselves when they were to replace another; absent if none did. */
  refusals: z.array(orTold(evidenceSchema)).optional(),
});

/** A fault with the figures that the judge derived. */
export const judgedFaultSchema = faultRecordSchema.extend({
  /** How long it held, and the minimum number of lines that were written meanwhile; null for a fault that takes no time. */
  held: z.object({ seconds: z.number().min(0), lines: z.int().min(0) }).nullable(),
  /** When the shipper gives up according to its configuration, if it had to retry while the fault held: `never`, or a range of time. */
  shipperGivesUp: z.union([z.literal("never"), horizonSchema]).nullable(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type FaultRecord = z.infer<typeof faultRecordSchema>;
export type JudgedFault = z.infer<typeof judgedFaultSchema>;

/** A sentence of an earlier version as evidence. */
export function toldEvidence(text: string): Evidence {
  return { code: "told", text };
}
