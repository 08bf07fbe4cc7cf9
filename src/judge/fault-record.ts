import { z } from "zod";
import { orTold } from "../base/told.ts";
import { horizonSchema } from "../plan/plan.ts";

/** What was seen of a fault, as figures: which ones, the kind of the fault says by `code`. `told` is a sentence of an earlier version. */
const evidenceSchema = z.looseObject({ code: z.string() });

/** What a run recorded of one fault of its schedule, with the parameters of its kind. */
export const faultRecordSchema = z.looseObject({
  kind: z.string(),
  target: z.string(),
  /** When it was asked for, which is before it is in force where a process takes its time to end; unknown of older runs. */
  askedAt: z.iso.datetime().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  effective: z.boolean(),
  evidence: z.array(evidenceSchema),
  /** What ended by itself where it was to run in the place of another; left out where nothing did. */
  refusals: z.array(orTold(evidenceSchema)).optional(),
});

/** A fault with what the judge has worked out of it. */
export const judgedFaultSchema = faultRecordSchema.extend({
  /** How long it held, and how many lines were certainly written meanwhile; null for one that takes no time. */
  held: z.object({ seconds: z.number().min(0), lines: z.int().min(0) }).nullable(),
  /** When the shipper gives up, by its configuration, where its retries ran while the fault held: `never`, or within this time. */
  shipperGivesUp: z.union([z.literal("never"), horizonSchema]).nullable(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type FaultRecord = z.infer<typeof faultRecordSchema>;
export type JudgedFault = z.infer<typeof judgedFaultSchema>;

/** A sentence as evidence, where nothing better is known. */
export function toldEvidence(text: string): Evidence {
  return { code: "told", text };
}
