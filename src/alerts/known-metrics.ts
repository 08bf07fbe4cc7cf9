import { parse } from "yaml";
import { z } from "zod";

/** When the series of a metric are born; explained at the head of fixtures/monitoring/metrics.yaml. */
const births = ["start", "use", "event", "restart", "found"] as const;

const metricSchema = z.strictObject({
  name: z.string(),
  job: z.string(),
  type: z.enum(["counter", "gauge", "histogram"]),
  born: z.enum(births),
  labels: z.array(z.string()),
  means: z.string(),
});

const fileSchema = z.strictObject({ jobs: z.array(z.string()), metrics: z.array(metricSchema) });

/** One metric, as rules select it. Of a histogram, each of its three series is a metric of its own. */
interface KnownMetric {
  /** `any` if every job has it. */
  job: string;
  type: "counter" | "gauge";
  born: (typeof births)[number];
  /** With `job` and `instance`. */
  labels: ReadonlySet<string>;
}

/** What is known of the series that exist. */
export interface KnownMetrics {
  jobs: ReadonlySet<string>;
  byName: ReadonlyMap<string, KnownMetric>;
}

/** Reads a file in the form of fixtures/monitoring/metrics.yaml. */
export function readKnownMetrics(text: string): KnownMetrics {
  const { jobs, metrics } = fileSchema.parse(parse(text));
  const byName = metrics.flatMap(({ name, job, type, born, labels }): [string, KnownMetric][] => {
    const all = [...labels, "job", "instance"];
    if (type !== "histogram") return [[name, { job, type, born, labels: new Set(all) }]];
    const counter: KnownMetric = { job, type: "counter", born, labels: new Set(all) };
    return [
      [`${name}_count`, counter],
      [`${name}_sum`, counter],
      [`${name}_bucket`, { ...counter, labels: new Set([...all, "le"]) }],
    ];
  });
  return { jobs: new Set(jobs), byName: new Map(byName) };
}
