import { z } from "zod";

/** A sentence that an earlier version stored in place of figures. It is shown as it is, and never parsed. */
export const toldSchema = z.object({ code: z.literal("told"), text: z.string() });

/** Accepts what a schema accepts, and the sentences that earlier versions stored in its place. */
export function orTold<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === "string" ? { code: "told", text: value } : value), schema);
}
