/** What was called after Loki while Loki was the only sink, and what it is called now: parts, links and groups of services. */
const currentNames = {
  loki: "sink",
  "loki-writer": "ingester",
  "shipper-loki": "shipper-sink",
  "consumer-loki": "consumer-sink",
} as const;

/** Names that scenarios, descriptions of pipelines and stored runs may still have. */
type FormerName = keyof typeof currentNames;

export function isFormerName(name: string): name is FormerName {
  return Object.hasOwn(currentNames, name);
}

/** The name that a part, a link or a group of services has now; any other name stays as it is. */
export function currentName(name: string): string {
  return isFormerName(name) ? currentNames[name] : name;
}

/**
 * A layout of `pipeline.yaml` in its present form: `loki`, with `writers`, becomes `sink`, and links and targets get their present names.
 * Whatever is no such layout is left to the schema to refuse.
 */
export function withSink(layout: unknown): unknown {
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
