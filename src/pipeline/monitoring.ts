import { z } from "zod";
import { partSchema } from "./part-schema.ts";

/** What watches a pipeline: services in a Compose file that is added to the layout's own. */
export const monitoringSchema = z.strictObject({
  /** The configuration files of both, in the pipeline's folder. */
  prometheusConfig: z.string(),
  alertmanagerConfig: z.string(),
  /** The rule sets that Prometheus loads: files of `fixtures/monitoring/rules`, without `.yaml`. */
  ruleSets: z.array(z.string()).min(1),
  /** The Compose variable that receives the folder with the rule files. */
  rulesVariable: z.string(),
  /** The Compose variable that receives, as `5s`, how often the exporters look at what they show Prometheus. */
  scrapeIntervalVariable: z.string().optional(),
  prometheus: partSchema,
  alertmanager: partSchema,
  /** Keeps what Alertmanager delivers. */
  receiver: partSchema,
  /** What shows Prometheus what other parts do not show themselves, by name. */
  exporters: z.record(z.string(), partSchema.omit({ port: true })).default({}),
});

/** What watches a pipeline in one of its layouts. `compose` is the Compose file, in the pipeline's folder. */
export type Monitoring = z.infer<typeof monitoringSchema> & { compose: string };

/** A part of what watches a pipeline: its services, and where they answer. */
type WatchingPart = Pick<z.infer<typeof partSchema>, "services"> & { port?: number | undefined };

/** What watches a pipeline, whoever has configured it. What Alertmanager delivers is known only where there is a receiver. */
export interface MonitoringParts {
  prometheus: WatchingPart;
  alertmanager?: WatchingPart;
  receiver?: WatchingPart;
  exporters?: Record<string, WatchingPart>;
}

/** The parts of what watches a pipeline. No line passes them, and faults act on exporters alone. */
export function monitoringPartsOf<Parts extends MonitoringParts>({
  prometheus,
  alertmanager,
  receiver,
  exporters = {},
}: Parts) {
  const parts = [prometheus, alertmanager, receiver, ...Object.values(exporters)];
  return parts.filter((part) => part !== undefined) as NonNullable<Parts["prometheus"]>[];
}
