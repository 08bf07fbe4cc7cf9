import { z } from "zod";
import { recordOf } from "./log-stages.ts";

/** Attributes of a resource that Loki 3 makes labels of by default (`default_resource_attributes_as_index_labels`). */
const indexed = [
  "service.name",
  "service.namespace",
  "service.instance.id",
  "deployment.environment",
  "deployment.environment.name",
  "cloud.region",
  "cloud.availability_zone",
  "cloud.platform",
  "container.name",
];
/** Processors that set no attribute of a resource. */
const harmless = /^(batch|memory_limiter|filter|probabilistic_sampler|attributes|resource|transform)(\/|$)/;

const processorSchema = z.object({
  attributes: z
    .array(z.object({ key: z.string(), value: z.unknown().optional(), action: z.string().optional() }))
    .nullish(),
});

/** A file receiver, and the processors behind it. */
interface Given {
  resource: Record<string, unknown>;
  operators: unknown;
  /** By name, in their order. */
  processors: [string, unknown][];
}

/**
 * The labels that Loki makes of the attributes that a configuration states explicitly, and nothing else changes.
 *
 * @param fill takes variables from the environment; undefined if one is not known
 */
export function labelsOfResource(
  { resource, operators, processors }: Given,
  fill: (text: string) => string | undefined,
): Record<string, string> {
  const isResource = (name: string) => /^resource(\/|$)/.test(name);
  const others = processors.filter(([name]) => !isResource(name)).map(([, processor]) => processor);
  const elsewhere = JSON.stringify([operators, others]);
  const changes = processors
    .filter(([name]) => isResource(name))
    .flatMap(([, processor]) => processorSchema.parse(recordOf(processor)).attributes ?? []);
  const labels = indexed.flatMap((key) => {
    if (elsewhere.includes(key)) return [];
    const last = changes.findLast((change) => change.key === key && change.action !== "delete");
    const value = last?.value ?? resource[key];
    const text = typeof value === "string" ? fill(value) : undefined;
    return text === undefined ? [] : [[key.replaceAll(".", "_"), text]];
  });
  const isNamed =
    elsewhere.includes("service.name") ||
    "service.name" in resource ||
    changes.some(({ key }) => key === "service.name") ||
    processors.some(([name]) => !harmless.test(name));
  const isBare = !isNamed && Object.keys(resource).length === 0 && changes.length === 0;
  // Loki's name for a service that nothing names.
  return isBare ? { service_name: "unknown_service" } : Object.fromEntries(labels);
}
