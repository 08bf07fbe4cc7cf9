import { z } from "zod";
import { collectorPatience } from "./collector-patience.ts";
import type { ShippedFiles, ShipperSettings } from "./shipper-settings.ts";

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);

const receiverSchema = z.object({
  include: texts.optional(),
  exclude: texts.optional(),
  resource: z.record(z.string(), z.unknown()).nullish(),
  operators: z.unknown().optional(),
});

const processorSchema = z.object({
  attributes: z
    .array(z.object({ key: z.string(), value: z.unknown().optional(), action: z.string().optional() }))
    .nullish(),
});

const exporterSchema = z.object({
  endpoint: z.string().optional(),
  logs_endpoint: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).nullish(),
});

const pipelineSchema = z.object({ receivers: texts, processors: texts.optional(), exporters: texts });

const configSchema = z.object({
  receivers: z.record(z.string(), z.unknown()).nullish(),
  processors: z.record(z.string(), z.unknown()).nullish(),
  exporters: z.record(z.string(), z.unknown()).nullish(),
  service: z.object({ pipelines: z.record(z.string(), pipelineSchema) }),
});

type Config = z.infer<typeof configSchema>;

/** The types of a file receiver, an exporter over HTTP and a resource processor, with or without a name after them. */
const kinds = { files: /^file_?log(\/|$)/, http: /^otlp_?http(\/|$)/, resource: /^resource(\/|$)/ };

/**
 * What a configuration of the OpenTelemetry Collector says. Files are labelled with `service_name` if the configuration sets the resource's
 * `service.name` explicitly.
 *
 * @param environment of its container, for `${env:NAME}` and `${NAME}`
 * @throws ZodError if it is not valid
 */
export function collectorSettings(
  given: unknown,
  environment: Record<string, string | null>,
): ShipperSettings {
  const config = configSchema.parse(given);
  const pipelines = Object.entries(config.service.pipelines)
    .filter(([name]) => /^logs(\/|$)/.test(name))
    .map(([, pipeline]) => pipeline);
  const exporters = pipelines.flatMap((pipeline) =>
    pipeline.exporters.filter((name) => kinds.http.test(name)),
  );
  const all = [...new Set(exporters)].map((name) => exporterSchema.parse(config.exporters?.[name] ?? {}));
  const headers = Object.entries(all[0]?.headers ?? {});
  const tenant = headers.find(([name]) => /^x-scope-orgid$/i.test(name))?.[1];
  const fill = (text: string | undefined) => filled(text, environment);
  return {
    reads: pipelines.flatMap((pipeline) => readsOf(config, pipeline, fill)),
    isDynamic: JSON.stringify(config.receivers ?? {}).includes('"${'),
    pushUrls: all.flatMap(({ logs_endpoint, endpoint }) => fill(logs_endpoint ?? endpoint) ?? []),
    tenant: all.length === 1 && typeof tenant === "string" ? fill(tenant) : undefined,
    patience: collectorPatience(given),
  };
}

function readsOf(
  { receivers, processors }: Config,
  pipeline: z.infer<typeof pipelineSchema>,
  fill: (text: string | undefined) => string | undefined,
): ShippedFiles[] {
  const others = (pipeline.processors ?? []).filter((name) => !kinds.resource.test(name));
  const isSetElsewhere = (receiver: { operators?: unknown }) =>
    JSON.stringify([receiver.operators, others.map((name) => processors?.[name])]).includes("service.name");
  const attributes = (pipeline.processors ?? [])
    .filter((name) => kinds.resource.test(name))
    .flatMap((name) => processorSchema.parse(processors?.[name] ?? {}).attributes ?? [])
    .filter(({ key, action = "upsert" }) => key === "service.name" && action !== "delete");
  return pipeline.receivers
    .filter((name) => kinds.files.test(name))
    .map((name) => {
      const receiver = receiverSchema.parse(receivers?.[name] ?? {});
      const value = attributes.at(-1)?.value ?? receiver.resource?.["service.name"];
      const service = typeof value === "string" && !isSetElsewhere(receiver) ? fill(value) : undefined;
      return {
        globs: receiver.include ?? [],
        excluded: receiver.exclude ?? [],
        labels: service === undefined ? {} : { service_name: service },
        hasFilename: false,
      };
    });
}

/** Undefined if a variable remains that is not known here. */
function filled(text: string | undefined, environment: Record<string, string | null>): string | undefined {
  const whole = text?.replace(
    /\$\{(?:env:)?(\w+)(?::-([^}]*))?\}/g,
    (found, name: string, otherwise?: string) => environment[name] ?? otherwise ?? found,
  );
  return whole === undefined || whole.includes("${") ? undefined : whole;
}
