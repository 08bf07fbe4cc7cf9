/** Names of parts, links and groups of services that contained `loki` while Loki was the only sink, with their present names. */
const currentNames = {
  loki: "sink",
  "loki-writer": "ingester",
  "shipper-loki": "shipper-sink",
  "consumer-loki": "consumer-sink",
} as const;

/** A name that scenarios, pipeline descriptions and stored runs may still contain. */
type FormerName = keyof typeof currentNames;

export function isFormerName(name: string): name is FormerName {
  return Object.hasOwn(currentNames, name);
}

/** The present name of a part, a link or a group of services; any other name is returned as it is. */
export function currentName(name: string): string {
  return isFormerName(name) ? currentNames[name] : name;
}

/**
 * Converts a layout of `pipeline.yaml` to its present form: `loki`, with `writers`, becomes `sink`, and links and targets get their present
 * names. Anything else is returned as it is, for the schema to check.
 */
export function withCurrentNames(layout: unknown): unknown {
  if (!isObject(layout) || !isObject(layout.loki) || "sink" in layout) return layout;
  const { loki, ...rest } = layout;
  const { writers, ...part } = loki as Record<string, unknown>;
  return {
    ...rest,
    sink: { kind: "loki", ...part, ingesters: writers },
    ...(isObject(layout.links) && { links: renamed(layout.links) }),
    ...(isObject(layout.targets) && { targets: renamed(layout.targets) }),
  };
}

function renamed(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [currentName(name), value]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
