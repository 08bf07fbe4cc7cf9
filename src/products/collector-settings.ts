import { z } from "zod";
import { labelsOfResource } from "./collector-labels.ts";
import { stagesOfReceiver, stagesOfStatements } from "./collector-operators.ts";
import { collectorPatience } from "./collector-patience.ts";
import { type Environment, filledText } from "./filled-variables.ts";
import type { LineHandling, ShippedFiles, ShippedTopic, ShipperSettings } from "./shipper-settings.ts";
import { linesOfStages } from "./stage-lines.ts";

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);

const receiverSchema = z.object({
  include: texts.optional(),
  exclude: texts.optional(),
  resource: z.record(z.string(), z.unknown()).nullish(),
  operators: z.unknown().optional(),
  start_at: z.unknown().optional(),
  multiline: z.unknown().optional(),
});

const topicSchema = z.object({
  brokers: texts.optional(),
  topic: z.string().optional(),
  group_id: z.string().optional(),
  logs: z.object({ topic: z.string().optional(), topics: texts.optional() }).nullish(),
});

const exporterSchema = z.object({
  endpoint: z.string().optional(),
  logs_endpoint: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  auth: z.object({ authenticator: z.string().optional() }).nullish(),
});

const headersSchema = z.object({
  headers: z.array(z.object({ key: z.string(), value: z.string().optional() })).catch([]),
});

const pipelineSchema = z.object({ receivers: texts, processors: texts.optional(), exporters: texts });

const configSchema = z.object({
  receivers: z.record(z.string(), z.unknown()).nullish(),
  processors: z.record(z.string(), z.unknown()).nullish(),
  exporters: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
  service: z.object({ pipelines: z.record(z.string(), pipelineSchema) }),
});

type Config = z.infer<typeof configSchema>;

/** The types of receivers, exporters and processors, with or without a name after them. */
const kinds = {
  files: /^file_?log(\/|$)/,
  kafka: /^kafka(\/|$)/,
  http: /^otlp_?http(\/|$)/,
  loki: /^loki(\/|$)/,
};

/**
 * What a configuration of the OpenTelemetry Collector says. Files are labelled with what Loki makes a label of, if the configuration sets
 * that attribute of the resource explicitly.
 *
 * @param environment of its container, for `${env:NAME}` and `${NAME}`
 * @throws ZodError if it is not valid
 */
export function collectorSettings(given: unknown, environment: Environment): ShipperSettings {
  const config = configSchema.parse(given);
  const pipelines = Object.entries(config.service.pipelines)
    .filter(([name]) => /^logs(\/|$)/.test(name))
    .map(([, pipeline]) => pipeline);
  const exporters = [...new Set(pipelines.flatMap((pipeline) => pipeline.exporters))];
  const pushing = exporters.filter((name) => kinds.http.test(name) || kinds.loki.test(name));
  const all = pushing.map((name) => exporterSchema.parse(config.exporters?.[name] ?? {}));
  const fill = (text: string | undefined) => filled(text, environment);
  const tenant = all[0] && tenantOf(all[0], config);
  const receivers = [...new Set(pipelines.flatMap((pipeline) => pipeline.receivers))];
  return {
    reads: pipelines.flatMap((pipeline) => readsOf(config, pipeline, fill)),
    isDynamic: JSON.stringify(config.receivers ?? {}).includes('"${'),
    others: receivers.filter((name) => !kinds.files.test(name)),
    topicsRead: receivers.filter(isKafka).flatMap((name) => topicsOf(config.receivers?.[name])),
    topicsWritten: exporters.filter(isKafka).flatMap((name) => topicsOf(config.exporters?.[name])),
    pushUrls: all.flatMap(({ logs_endpoint, endpoint }) => fill(logs_endpoint ?? endpoint) ?? []),
    tenant: all.length === 1 ? fill(tenant) : undefined,
    patience: collectorPatience(given),
  };
}

function isKafka(name: string): boolean {
  return kinds.kafka.test(name);
}

function topicsOf(given: unknown): ShippedTopic[] {
  const { brokers = [], topic, group_id: group, logs } = topicSchema.parse(given ?? {});
  const topics = [logs?.topics ?? [], logs?.topic ?? topic ?? "otlp_logs"].flat();
  return topics.slice(0, 1).map((name) => ({ brokers, topic: name, group: group ?? "otel-collector" }));
}

/** The tenant in the headers of an exporter, or of the extension that sets them. */
function tenantOf(
  { headers, auth }: z.infer<typeof exporterSchema>,
  { extensions }: Config,
): string | undefined {
  const extension = headersSchema.safeParse(extensions?.[auth?.authenticator ?? ""] ?? {}).data;
  const all = [
    ...Object.entries(headers ?? {}),
    ...(extension?.headers ?? []).map(({ key, value }) => [key, value] as const),
  ];
  const tenant = all.find(([name]) => /^x-scope-orgid$/i.test(name))?.[1];
  return typeof tenant === "string" ? tenant : undefined;
}

function readsOf(
  { receivers, processors }: Config,
  pipeline: z.infer<typeof pipelineSchema>,
  fill: (text: string | undefined) => string | undefined,
): ShippedFiles[] {
  const behind = (pipeline.processors ?? []).map((name) => [name, processors?.[name]] as [string, unknown]);
  return pipeline.receivers
    .filter((name) => kinds.files.test(name))
    .map((name) => {
      const receiver = receiverSchema.parse(receivers?.[name] ?? {});
      const { include = [], exclude = [], resource, operators, start_at: start } = receiver;
      const stages = [
        ...stagesOfReceiver(receiver),
        ...behind.flatMap(([, processor]) => stagesOfStatements(processor)),
      ];
      const isLabelled = pipeline.exporters.some((exporter) => !kinds.loki.test(exporter));
      return {
        globs: include,
        excluded: exclude,
        labels: isLabelled
          ? labelsOfResource({ resource: resource ?? {}, operators, processors: behind }, fill)
          : { exporter: "OTLP" },
        hasFilename: false,
        startsAtEnd: start === "beginning" ? undefined : "start_at",
        lines: withProcessors(linesOfStages(stages, "files"), behind),
        linesOfContainers: withProcessors(linesOfStages(stages, "json-files"), behind),
      };
    });
}

/** What the processors behind a receiver do to lines as well. */
function withProcessors(lines: LineHandling, behind: [string, unknown][]): LineHandling {
  const changed = bodyChange(behind);
  const notes = [...lines.notes, ...behind.flatMap(noteOn)];
  return changed === undefined
    ? { ...lines, notes }
    : { ...lines, template: undefined, whyNoTemplate: changed, notes };
}

/** Why it is not known what is stored, where a processor sets the body to something that cannot be followed. */
function bodyChange(processors: [string, unknown][]): string | undefined {
  const sets = /(set|replace_\w+|delete_\w+|keep_\w+|truncate_all|merge_maps|flatten)\((log\.)?body\b/;
  const [name] =
    processors.find(
      ([, processor]) =>
        sets.test(JSON.stringify(processor ?? {})) && stagesOfStatements(processor).length === 0,
    ) ?? [];
  return name && `its processor ${name} sets the body of lines`;
}

function noteOn([name]: [string, unknown]): string[] {
  if (/^filter(\/|$)/.test(name)) return [`its processor ${name} may drop lines of a run`];
  return /^probabilistic_sampler(\/|$)/.test(name)
    ? [`its processor ${name} keeps only a part of all lines`]
    : [];
}

/** Undefined if a variable remains that is not known here. */
function filled(text: string | undefined, environment: Environment): string | undefined {
  const whole = text && filledText(text, environment, /\$\{(?:env:)?(\w+)(?::-([^}]*))?\}/g);
  return whole?.includes("${") ? undefined : whole;
}
