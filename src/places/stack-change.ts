import { z } from "zod";

/** What has changed of a stack since it was up, though no fault did it. */
export const stackChangeSchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("instance-gone"), instance: z.string() }),
  /** Runs, and did not when the run began. `name` is the place's, which is no instance's. */
  z.object({ code: z.literal("instance-new"), service: z.string(), name: z.string() }),
]);

export type StackChange = z.infer<typeof stackChangeSchema>;
