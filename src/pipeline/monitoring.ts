import { z } from "zod";
import { imageSchema, partSchema } from "./part-schema.ts";

/** A part with a configuration file in the pipeline's folder. */
const configuredSchema = partSchema.extend({ config: z.string() });

/** What watches a pipeline, in a Compose file that is added to the layout's own. */
export const monitoringSchema = z.strictObject({
  prometheus: configuredSchema,
  alertmanager: configuredSchema,
  /** Keeps what Alertmanager delivers. */
  receiver: partSchema,
  /** The Compose variable that receives the folder with the rule files. */
  rulesVariable: z.string(),
  /** The Compose variable that receives, as `5s`, how often the helpers look at what they show Prometheus. */
  scrapeIntervalVariable: z.string().optional(),
  /** The images of services that show Prometheus what other parts do not show themselves, by service. They publish no port. */
  helpers: z.record(z.string(), imageSchema).default({}),
});

/** What watches a pipeline in one of its layouts. `compose` is the Compose file, in the pipeline's folder. */
export type Monitoring = z.infer<typeof monitoringSchema> & { compose: string };

/** The services of the monitoring, each with its image and the variable that sets its published port; null if it publishes none. */
export function monitoringServices({ prometheus, alertmanager, receiver, helpers }: Monitoring) {
  const parts = [prometheus, alertmanager, receiver].flatMap(({ services, image }) =>
    Object.entries(services).map(([service, portVariable]) => ({ service, image, portVariable })),
  );
  const others = Object.entries(helpers).map(([service, image]) => ({ service, image, portVariable: null }));
  return [...parts, ...others];
}
