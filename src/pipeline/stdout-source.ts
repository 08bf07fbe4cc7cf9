import { z } from "zod";

/** What a configuration says about the containers whose stdout the shipper of a custom pipeline reads. */
export const stdoutSchema = z.strictObject({
  /** The service of the Compose files as whose containers the load appears: its name, its image and its labels. */
  service: z.string().min(1).optional(),
  /** Further labels, by which a shipper may select the containers that it reads. */
  labels: z.record(z.string(), z.string()).default({}),
});
