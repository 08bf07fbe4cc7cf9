import { z } from "zod";

/** A change of a stack that no fault has caused. */
export const stackChangeSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("instance-gone"), instance: z.string() }),
  /** Runs now, but did not run when the run began. `name` is the place's name for it, because it is not an instance. */
  z.object({ code: z.literal("instance-new"), service: z.string(), name: z.string() }),
]);

export type StackChange = z.infer<typeof stackChangeSchema>;
