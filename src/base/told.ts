import { z } from "zod";

/** A sentence that an earlier version stored where figures are stored now. It is shown as it is and never parsed. */
export const toldSchema = z.object({ code: z.literal("told"), text: z.string() });

/** Extends a schema so that it also accepts the sentences that earlier versions stored instead. */
export function orTold<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === "string" ? { code: "told", text: value } : value), schema);
}
