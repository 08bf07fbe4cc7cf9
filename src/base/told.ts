import { z } from "zod";

/** A sentence that an earlier version stored where figures stand now; nobody takes it apart. */
export const toldSchema = z.object({ code: z.literal("told"), text: z.string() });

/** The same values as a schema takes, and the sentences that earlier versions stored in their place. */
export function orTold<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === "string" ? { code: "told", text: value } : value), schema);
}
