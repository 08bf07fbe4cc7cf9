import { z } from "zod";

export const partSchema = z.strictObject({
  /**
   * The part's services in the Compose file, each with the variable that sets its published port; null if it publishes none. Everyline sets
   * the variable to 0, so that the engine chooses a free port.
   */
  services: z.record(z.string(), z.string().nullable()),
  /** The port of each service's server inside its container. */
  port: z.int().min(1).max(65_535),
  /** The image of the catalogue that the services run, and the Compose variable that receives its reference. */
  image: z.strictObject({ name: z.string(), version: z.string(), variable: z.string() }),
});
