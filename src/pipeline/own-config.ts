import { readFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { boundsSchema } from "./bounds.ts";
import { composeFilesIn } from "./compose-files.ts";
import { assertFilledIn } from "./filled-in.ts";
import { type OwnSink, ownSink, sinkSchemas, wrongSinks } from "./own-sink.ts";
import { sourceSchema } from "./own-source.ts";
import { listPipelines } from "./pipeline.ts";
import { whatRunsSchemas } from "./what-runs.ts";

/** The file names of a configuration that is found automatically, in the folder that a command is run in. */
export const configNames = ["everyline.config.yaml", "everyline.config.yml", "everyline.config.ts"];

const service = z.string().min(1);

const partSchema = z.strictObject({ service });

const mountPath = z.string().startsWith("/", "expected a path in a container");

const kafkaSchema = z.strictObject({
  services: z.array(service).min(1),
  /** The port of the listener that the brokers advertise as `SERVICE:PORT`. */
  port: z.int().min(1).max(65_535),
  topic: z.string().min(1),
  deadLetterTopic: z.string().min(1).optional(),
  /** The consumer group that delivers to Loki. Its lag shows whether lines are still on their way. */
  group: z.string().min(1),
});

/** Where Prometheus answers by default. */
export const prometheusPort = 9_090;

/** What watches the pipeline for alerts. */
const monitoringSchema = z.strictObject({
  prometheus: service,
  /** Where it answers in its container. */
  port: z.int().min(1).max(65_535).default(prometheusPort),
  /** A run starts no copy of it, because that would tell people of alerts that the run's faults cause. */
  alertmanager: service.optional(),
});

const fields = z.strictObject({
  /** The pipeline's name in reports; its folder's name if absent. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower case letters, digits and -")
    .optional(),
  /**
   * Compose files, relative to this file; each may override those before it. A single file includes the override file that `docker compose
   * up` would use with it.
   */
  compose: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  source: sourceSchema,
  /** `metricsPort`: the port of its `/metrics` in its container. If absent, the known ports are tried. */
  shipper: partSchema.extend({ metricsPort: z.int().min(1).max(65_535).optional() }),
  gateway: partSchema.optional(),
  kafka: kafkaSchema.optional(),
  consumer: partSchema.optional(),
  ...sinkSchemas,
  /** Only for `--alerts`; without it, alerts cannot be observed. */
  monitoring: monitoringSchema.optional(),
  ...whatRunsSchemas,
  /** How to treat mounts without `:ro`, by their paths in the containers: which of them start empty, and which are copied completely. */
  mounts: z
    .strictObject({ empty: z.array(mountPath).default([]), copy: z.array(mountPath).default([]) })
    .default({ empty: [], copy: [] }),
  /** What is promised in every scenario; no loss if absent. */
  bounds: boundsSchema
    .refine(
      ({ lost, duplicated, lostWindowSeconds }) => (lost ?? duplicated ?? lostWindowSeconds) !== undefined,
      "expected lost, duplicated or lostWindowSeconds: without a promise, nothing can be broken",
    )
    .default({ lost: 0 }),
  /** How long the pipeline may deliver nothing although it has dropped no line, in addition to twice the length of an outage. */
  quietSeconds: z.number().positive().default(60),
  /** How long to wait for lines that are still on their way; if absent, 600 s in addition to the quiet time. */
  settleSeconds: z.number().positive().optional(),
});

/** The content of the file; docs/your-own-pipeline.md explains each key. */
export const configSchema = fields.superRefine((config, context) => {
  const message = wrongSinks(config);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** The content of `everyline.config.…`: the description of a custom pipeline. */
export type OwnConfig = Omit<
  z.infer<typeof configSchema>,
  "compose" | "envFile" | "name" | keyof typeof sinkSchemas
> & {
  name: string;
  /** The file itself. */
  file: string;
  composeFiles: string[];
  /** Files with variables for the Compose files, in place of `.env`; none if Compose looks for `.env` itself. */
  envFiles: string[];
  /** The description of the sink; its key in the file is the kind of the sink. */
  sink: OwnSink;
  /** Notes about these files for the user, one sentence each. */
  notes: string[];
};

/** The configuration in a folder; undefined if it has none. */
export async function findConfig(folder: string): Promise<string | undefined> {
  for (const name of configNames) {
    const path = join(folder, name);
    if (await exists(path)) return path;
  }
  return undefined;
}

/**
 * Reads a configuration: YAML, or TypeScript with a default export.
 *
 * @param environment the values of `${NAME}` in secrets
 * @throws UsageError if it cannot be read, is not valid, or names a variable that is not set
 */
export async function readConfig(path: string, environment: NodeJS.ProcessEnv): Promise<OwnConfig> {
  const file = resolve(path);
  const content = await contentOf(file);
  await assertFilledIn(content, file);
  const parsed = configSchema.safeParse(content);
  if (!parsed.success) {
    throw new UsageError(
      `${file} does not describe a pipeline:\n${z.prettifyError(parsed.error)}\n` +
        "`everyline init` writes one that does; docs/your-own-pipeline.md explains each key.",
    );
  }
  const { name: given, compose, envFile = [], ...rest } = parsed.data;
  const name = await distinctName(given, file);
  const sink = ownSink(rest, (secret) => fillIn(secret, environment, file), file);
  const files = await composeFilesOf(compose, file, environment);
  return {
    ...rest,
    sink,
    name,
    file,
    composeFiles: files.taken,
    envFiles: [envFile].flat().map((path) => resolve(dirname(file), path)),
    notes: files.notes,
  };
}

/**
 * Resolves the Compose files. A single file is used together with the override file that `docker compose up` would use. A list is used as
 * it is, and a note names the files that it omits.
 */
async function composeFilesOf(
  compose: string | string[],
  file: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ taken: string[]; notes: string[] }> {
  const folder = dirname(file);
  const named = [compose].flat().map((name) => resolve(folder, name));
  const [first] = named as [string];
  const here = await composeFilesIn(folder, environment);
  const usual = here[0] === first ? here : await composeFilesIn(dirname(first), {});
  const others = usual[0] === first ? usual.filter((path) => !named.includes(path)) : [];
  if (others.length === 0) return { taken: named, notes: [] };
  if (typeof compose === "string")
    return {
      taken: usual,
      notes: [`${others.join(", ")} is used with ${first}, as \`docker compose up\` does.`],
    };
  return {
    taken: named,
    notes: [
      `${file} leaves out ${others.join(", ")}, which \`docker compose up\` uses: the run starts a different stack than that command.`,
    ],
  };
}

async function contentOf(file: string): Promise<unknown> {
  if (!(await exists(file)))
    throw new UsageError(`there is no configuration ${file}; \`everyline init\` writes one.`);
  try {
    if (extname(file) === ".ts") return (await import(pathToFileURL(file).href)).default;
    return parse(await readFile(file, "utf8"));
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${messageOf(thrown)}`);
  }
}

function fillIn(text: string, environment: NodeJS.ProcessEnv, file: string): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value) return value;
    throw new UsageError(
      `${file} takes a secret from the variable ${name}, which is not set; set it and try again.`,
    );
  });
}

/** The pipeline's name, which must not be one of Everyline's own, because reports and histories tell pipelines apart by it. */
async function distinctName(given: string | undefined, file: string): Promise<string> {
  const taken = await listPipelines();
  const name = given ?? nameOf(dirname(file));
  if (!taken.includes(name)) return name;
  if (given === undefined) return `own-${name}`;
  throw new UsageError(`${file}: name is ${given}, which is a pipeline of Everyline's own; choose another.`);
}

/** A folder's name, changed to a valid pipeline name. */
function nameOf(folder: string): string {
  const name = folder
    .split("/")
    .at(-1)!
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name || "own";
}
