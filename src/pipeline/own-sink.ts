import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { loki } from "../products/loki.ts";
import type { SinkProduct } from "../products/sink-product.ts";
import { victoriaLogs } from "../products/victoria-logs.ts";

const service = z.string().min(1);

/** Taken from the environment if it is `${NAME}`, so that the secret is not in the file. */
const secret = z.string().min(1);

const access = {
  basicAuth: z.strictObject({ username: z.string().min(1), password: secret }).optional(),
  bearerToken: secret.optional(),
};

/** Where the shipper, or whoever stands before the sink, reaches it: `http://SERVICE:PORT`; or where this machine does. */
const urlLike = (example: string) => z.url({ protocol: /^https?$/, error: `expected a URL like ${example}` });

/** The selector of every stream that the pipeline delivers. */
const selector = z.string().regex(/^\{.+\}$/s, 'expected a stream selector like {job="logs"}');

const lokiSchema = z.strictObject({
  url: urlLike("http://loki:3100"),
  selector,
  /** Loki's services; the one of the URL if absent. */
  services: z.array(service).min(1).optional(),
  /** Those that hold lines in memory and are told to write them to the store; all if absent, none where nobody may tell them. */
  writers: z.array(service).optional(),
  /** `X-Scope-OrgID`, where Loki has tenants. */
  tenant: z.string().min(1).optional(),
  ...access,
});

const victoriaLogsSchema = z.strictObject({
  url: urlLike("http://victorialogs:9428"),
  selector,
  /** VictoriaLogs's services; the one of the URL if absent. */
  services: z.array(service).min(1).optional(),
  ...access,
});

const fileSchema = z.strictObject({
  /** The service that writes the files, in whose container they are. */
  service,
  /** Of the files in its container, with wildcards in the last part if there may be several. */
  path: z
    .string()
    .regex(
      /^\/([^*?[{]*\/)?[^/]+$/,
      "expected the path of a file in the container, with wildcards in its last part alone",
    ),
});

/** What the configuration says of the sink: one of these keys, which are called like the kinds of sinks. */
export const sinkSchemas = {
  loki: lokiSchema.optional(),
  victorialogs: victoriaLogsSchema.optional(),
  file: fileSchema.optional(),
};

const kinds = ["loki", "victorialogs", "file"] as const;

/** A configuration with what it says of the sink. */
type WithSink = { [Kind in (typeof kinds)[number]]?: z.infer<(typeof sinkSchemas)[Kind]> };

/** A sink that answers queries. */
export type ServedSink = z.infer<typeof lokiSchema> & { kind: "loki" | "victorialogs"; product: SinkProduct };

/** Files in a container. */
export type FilesSink = z.infer<typeof fileSchema> & { kind: "file" };

export type OwnSink = ServedSink | FilesSink;

/** What is wrong with how many sinks a configuration names; undefined if it is one. */
export function wrongSinks(config: WithSink): string | undefined {
  const named = kinds.filter((kind) => config[kind] !== undefined);
  if (named.length === 1) return undefined;
  return (
    `expected exactly one of the keys ${kinds.join(", ")}, which say where the lines end up and how they are read back, ` +
    `found ${named.length === 0 ? "none" : named.join(" and ")}`
  );
}

/**
 * The sink that a configuration names.
 *
 * @param filled takes secrets from the environment
 * @param file the configuration, for messages
 * @throws UsageError if it names two passwords
 */
export function ownSink(config: WithSink, filled: (secret: string) => string, file: string): OwnSink {
  const { loki: ofLoki, victorialogs, file: files } = config;
  if (files !== undefined) return { kind: "file", ...files };
  const sink: ServedSink =
    ofLoki === undefined
      ? { kind: "victorialogs", product: victoriaLogs, ...victorialogs! }
      : { kind: "loki", product: loki, ...ofLoki };
  const { kind, basicAuth, bearerToken } = sink;
  if (basicAuth !== undefined && bearerToken !== undefined)
    throw new UsageError(
      `${file}: ${kind} has both basicAuth and bearerToken; a request carries one of them.`,
    );
  return {
    ...sink,
    ...(basicAuth && { basicAuth: { ...basicAuth, password: filled(basicAuth.password) } }),
    ...(bearerToken && { bearerToken: filled(bearerToken) }),
  };
}
