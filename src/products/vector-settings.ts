import { z } from "zod";
import { type Environment, filledValues } from "./filled-variables.ts";
import type { ShippedContainers, ShippedFiles, ShippedTopic, ShipperSettings } from "./shipper-settings.ts";
import { linesOfTransforms, type VectorTransform } from "./vector-program.ts";

const texts = z.union([z.string().transform((one) => one.split(",")), z.array(z.string())]);

const sourceSchema = z.looseObject({
  type: z.string(),
  include: texts.optional(),
  exclude: texts.optional(),
  read_from: z.string().optional(),
  include_containers: texts.optional(),
  include_labels: texts.optional(),
  bootstrap_servers: texts.optional(),
  topics: texts.optional(),
  group_id: z.string().optional(),
});

const sinkSchema = z.looseObject({
  type: z.string(),
  inputs: texts.optional(),
  endpoint: z.string().optional(),
  path: z.string().default("/loki/api/v1/push"),
  labels: z.record(z.string(), z.unknown()).optional(),
  tenant_id: z.string().optional(),
  encoding: z.object({ codec: z.string().optional() }).optional(),
  bootstrap_servers: texts.optional(),
  topic: z.string().optional(),
});

const transformSchema = z.looseObject({
  type: z.string(),
  inputs: texts.optional(),
  source: z.string().optional(),
});

const configSchema = z.object({
  sources: z.record(z.string(), sourceSchema).default({}),
  transforms: z.record(z.string(), transformSchema).default({}),
  sinks: z.record(z.string(), sinkSchema).default({}),
});

type Config = z.infer<typeof configSchema>;
type Source = z.infer<typeof sourceSchema>;
type Sink = z.infer<typeof sinkSchema>;

/** Sources that tell of the machine or of Vector itself, and carry no lines of an application. */
const measures =
  /^(host_metrics|internal_logs|internal_metrics|demo_logs|prometheus_\w+|docker_stats|static_metrics)$/;
/** The label that Vector gives to lines that would have none. */
const withoutLabels = { agent: "vector" };
const maxTransforms = 64;

/** A source, and the transforms between it and a sink. */
interface Way {
  source: Source;
  sink: Sink;
  transforms: VectorTransform[];
}

/**
 * What a configuration of Vector says: of sources that a sink for Loki takes, the labels of that sink which do not depend on the line.
 *
 * @throws ZodError if it is not valid
 */
export function vectorSettings(given: unknown, environment: Environment): ShipperSettings {
  const config = configSchema.parse(filledValues(given, environment));
  const sinks = Object.values(config.sinks).filter(({ type }) => type === "loki");
  const ways = sinks.flatMap((sink) => waysTo(config, sink));
  const sources = Object.values(config.sources);
  const isOther = (type: string) => type !== "file" && type !== "docker_logs" && !measures.test(type);
  const tenants = new Set(sinks.map(({ tenant_id: tenant }) => tenant));
  const [tenant] = tenants;
  return {
    reads: ways.filter(({ source }) => source.type === "file").map(readOf),
    isDynamic: false,
    containers: ways.filter(({ source }) => source.type === "docker_logs").map(containersOf),
    others: [...new Set(sources.map(({ type }) => type).filter(isOther))],
    topicsRead: sources.filter(({ type }) => type === "kafka").flatMap(topicsOf),
    topicsWritten: Object.values(config.sinks)
      .filter(({ type, topic }) => type === "kafka" && topic !== undefined)
      .map(({ bootstrap_servers: brokers = [], topic }) => ({ brokers, topic: topic! })),
    pushUrls: sinks.flatMap(({ endpoint, path }) => (endpoint ? [endpoint.replace(/\/$/, "") + path] : [])),
    tenant: tenants.size === 1 && !tenant?.includes("{{") ? tenant : undefined,
  };
}

/** The sources whose lines reach a sink, each with the transforms on the way. */
function waysTo({ sources, transforms }: Config, sink: Sink): Way[] {
  const ways: Way[] = [];
  const follow = (inputs: string[], passed: VectorTransform[]): void => {
    if (passed.length > maxTransforms) return;
    for (const [id, source] of Object.entries(sources))
      if (inputs.some((input) => names(input, id))) ways.push({ source, sink, transforms: passed });
    for (const [id, { type, source = "", inputs: before = [] }] of Object.entries(transforms))
      if (inputs.some((input) => names(input, id)) && !passed.some((one) => one.id === id))
        follow(before, [{ id, type, source }, ...passed]);
  };
  follow(sink.inputs ?? [], []);
  return ways;
}

/** Whether an input names a component: by its name, with wildcards, or one of its outputs as in `route.errors`. */
function names(input: string, id: string): boolean {
  const form = input.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${form.join(".*")}$`).test(id) || input.startsWith(`${id}.`);
}

function readOf({ source, sink, transforms }: Way): ShippedFiles {
  const { labels, varying } = labelsOf(sink, "file", ["file", "host"]);
  return {
    globs: source.include ?? [],
    excluded: source.exclude ?? [],
    labels,
    varyingLabels: varying.map(({ label }) => label),
    hasFilename: varying.some(({ label, field }) => label === "filename" && field === "file"),
    startsAtEnd: source.read_from === "end" ? "read_from" : undefined,
    tenant: sink.tenant_id?.includes("{{") ? undefined : sink.tenant_id,
    lines: { ...linesOfTransforms(transforms, codecOf(sink)), unwraps: false },
  };
}

function containersOf({ source, sink, transforms }: Way): ShippedContainers {
  const service = 'label."com.docker.compose.service"';
  const known = ["container_name", "container_id", "image", "stream", "host", service];
  const { labels, varying } = labelsOf(sink, "docker_logs", known);
  const wanted = (source.include_labels ?? []).map(
    (text) => /^([^=]+)=?(.*)$/.exec(text)!.slice(1) as [string, string],
  );
  const isOfCompose = ([key]: [string, string]) => key.startsWith("com.docker.compose.");
  return {
    labels,
    varyingLabels: varying.map(({ label }) => label),
    serviceLabel: varying.find(({ field }) => field === service)?.label,
    wants: {
      labels: Object.fromEntries(
        wanted.filter((one) => !isOfCompose(one)).map(([key, value]) => [key, value || "true"]),
      ),
      services: wanted.flatMap(([key, value]) =>
        key === "com.docker.compose.service" && value ? [value] : [],
      ),
      names: (source.include_containers ?? []).map((prefix) => `/?${prefix}.*`),
    },
    tenant: sink.tenant_id?.includes("{{") ? undefined : sink.tenant_id,
    lines: linesOfTransforms(transforms, codecOf(sink)),
  };
}

function codecOf({ encoding }: Sink): string {
  return encoding?.codec ?? "json";
}

/** The labels of a sink: those with a value of their own, and those with the value of a field that every event of the source has. */
function labelsOf({ labels: given = {} }: Sink, type: string, known: readonly string[]) {
  const all = Object.entries(given).map(([label, value]) => {
    const [, field] = /^\{\{\s*\.?(.+?)\s*\}\}$/.exec(`${value}`) ?? [];
    return { label, value: field === "source_type" ? type : `${value}`, field };
  });
  const constant = all.filter(({ label, value }) => !label.includes("*") && !/\{\{/.test(label + value));
  const varying = all.filter(({ field }) => field !== undefined && known.includes(field));
  const labels = Object.fromEntries(constant.map(({ label, value }) => [label, value]));
  return { labels: all.length === 0 ? withoutLabels : labels, varying };
}

function topicsOf({ bootstrap_servers: brokers = [], topics = [], group_id: group }: Source): ShippedTopic[] {
  return topics.map((topic) => ({ brokers, topic, group }));
}
