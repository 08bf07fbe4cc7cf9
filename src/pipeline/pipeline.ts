import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { installedFolder } from "../base/installation.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import { isOneFile } from "./file-name.ts";
import { currentName, isFormerName, withCurrentNames } from "./former-names.ts";
import { type Monitoring, type MonitoringParts, monitoringSchema } from "./monitoring.ts";
import { partSchema } from "./part-schema.ts";
import type { OwnStdout } from "./shown-load.ts";
import { type SinkKind, sinkKinds } from "./sink-kind.ts";
import type { RunningServices } from "./what-runs.ts";

/** Contains one folder for each pipeline. */
const pipelinesFolder = join(installedFolder, "fixtures/pipelines");

/**
 * The parts of a pipeline that run as containers, in the order in which a line passes them. With `source` before them, these are the names
 * of the hops.
 */
const partNames = ["shipper", "gateway", "kafka", "consumer", "sink"] as const;

export type PartName = (typeof partNames)[number];

/** The connections that can be cut, each named after the parts at its ends. */
export const linkNames = [
  "shipper-sink",
  "shipper-gateway",
  "gateway-kafka",
  "consumer-kafka",
  "consumer-sink",
] as const;

export type LinkName = (typeof linkNames)[number];

const sinkSchema = partSchema.extend({
  /** Every kind except `memory`, which only tests use and no file describes. */
  kind: z.enum(sinkKinds).exclude(["memory"]),
  /** The service that answers queries. */
  reader: z.string(),
  /** The services that hold lines in memory. Before the second reading they are told to write them to the store. */
  ingesters: z.array(z.string()).min(1),
});

const linkSchema = z.strictObject({
  /** The network of this connection, by its name in the Compose file; the two parts share no other network. */
  network: z.string(),
  /** The services that are disconnected from the network to cut the connection: all services at one of its ends. */
  disconnect: z.array(z.string()).min(1),
});

const kafkaSchema = partSchema.extend({
  topic: z.string(),
  deadLetterTopic: z.string(),
  /** The consumer group that delivers to the sink. */
  group: z.string(),
  /** The Compose variables that set, in milliseconds, the interval and the initial delay of the brokers' retention checks. */
  retentionCheckVariables: z.array(z.string()).default([]),
});

const sitesSchema = z.strictObject({
  /** The Toxiproxy, by its name in `beside`, that carries everything between the sites. */
  link: z.string(),
  /** The Kafka of the second site, by its name in `beside`, which the consumer reads; absent if one cluster spans both sites. */
  standby: z.string().optional(),
});

/** What may differ between the layouts of a pipeline. */
const layoutFields = z.strictObject({
  /** One line for people. */
  title: z.string(),
  /** The Compose file, in the pipeline's folder. */
  compose: z.string(),
  /** The Compose file, in the pipeline's folder, of what watches the pipeline in this layout; absent if nothing does. */
  monitoringCompose: z.string().optional(),
  sink: sinkSchema,
  links: z.partialRecord(z.enum(linkNames), linkSchema),
  /** Named groups of services that faults can target. */
  targets: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  /** Replaces the pipeline's gateway in this layout, as `kafka` and `consumer` do for theirs. */
  gateway: partSchema.optional(),
  kafka: kafkaSchema.optional(),
  consumer: partSchema.optional(),
  /** Parts that the lines do not pass on their way to the sink. */
  beside: z.record(z.string(), partSchema).default({}),
  /** The services that write all their data to a volume of limited size, which can be filled; none if absent. */
  smallDisks: z.array(z.string()).optional(),
  /** Only for a layout with two sites; `targets` names the site that can be lost. */
  sites: sitesSchema.optional(),
});

/** Also accepts the former form of a layout, from when Loki was the only sink: `loki`, with `writers`, instead of `sink`. */
const layoutSchema = z.preprocess(withCurrentNames, layoutFields);
const stdoutSchema = z.strictObject({
  /** The path in the shipper's container at which the engine's folder of containers is mounted. */
  path: z.string(),
  /** The Compose variable that receives the ids of the containers to read, separated by commas. */
  idsVariable: z.string(),
});

const pipelineSchema = z.strictObject({
  /** One line for people. */
  title: z.string(),
  /** The Compose variable that receives the folder with the log files. */
  logsVariable: z.string(),
  /** Only for a pipeline whose shipper reads the stdout of containers; `logsVariable` then receives the engine's folder of containers. */
  stdout: stdoutSchema.optional(),
  /** The Compose variable that receives the first three numbers of the addresses of networks in which parts have fixed addresses. */
  subnetsVariable: z.string().optional(),
  /** A selector, in the sink's query language, that matches every stream that the pipeline delivers. */
  selector: z.string(),
  /**
   * How long the pipeline may deliver nothing although it has dropped no line, in addition to the shipper's longest wait between retries.
   */
  quietSeconds: z.number().positive(),
  /** What reads the lines; `config` is its configuration file in the pipeline's folder. */
  shipper: partSchema.extend({ config: z.string() }),
  gateway: partSchema.optional(),
  kafka: kafkaSchema.optional(),
  consumer: partSchema.optional(),
  /** What watches the pipeline in the layouts that have a `monitoringCompose`. */
  monitoring: monitoringSchema.optional(),
  /** By name; the first is the default. */
  layouts: z
    .record(z.string(), layoutSchema)
    .refine((layouts) => Object.keys(layouts).length > 0, "expected at least one layout"),
});

/** The image that a part runs: one of the catalogue, or the one that `reference` names. */
export type PartImage = z.infer<typeof partSchema>["image"] & { reference?: string };

/** The services, port and image of a part. In a custom pipeline the Compose file names the images, and only some ports are known. */
export type Part = Pick<z.infer<typeof partSchema>, "services"> & {
  port?: number | undefined;
  image?: PartImage | undefined;
};

/**
 * The topics of a pipeline's Kafka and the group that delivers to the sink. Not every consumer has a dead letter topic for lines that the
 * sink refuses.
 */
type KafkaTopics = Pick<z.infer<typeof kafkaSchema>, "topic" | "group" | "retentionCheckVariables"> & {
  deadLetterTopic?: string | undefined;
};

type Layout = z.infer<typeof layoutFields>;
type Description = z.infer<typeof pipelineSchema>;

/** How to reach and query a sink that needs more than the address of its service. */
export interface SinkAccess {
  /** Headers of every request, such as a tenant or a password. */
  headers: Record<string, string>;
  /** The sink's address, if it is not a service of the pipeline. */
  url?: string | undefined;
  /** The prefix of the API's paths at the service that answers queries, configured in the sink itself or in a proxy. */
  path?: string | undefined;
}

/** The system under test in one of its layouts: a folder of `fixtures/pipelines`, or a custom pipeline. */
export type Pipeline = Omit<
  Layout,
  "sink" | "kafka" | "consumer" | "beside" | "gateway" | "monitoringCompose"
> & {
  name: string;
  /** The layout's name. */
  layout: string;
  /** The folder of its Compose file. */
  folder: string;
  selector: string;
  quietSeconds: number;
  /** How long to wait for lines that are still on their way; the run's default if absent. */
  settleSeconds?: number | undefined;
  shipper: Part & {
    /** Its configuration file in the pipeline's folder, if the format is known. */
    config?: string | undefined;
    /** The ports at which its `/metrics` may answer, if not at `port`. */
    metricsPorts?: readonly number[] | undefined;
    /** How patient its retries are by its configuration, if the shipper itself cannot be asked. */
    patience?: ShipperPatience | undefined;
  };
  gateway?: Part | undefined;
  kafka?: (Part & KafkaTopics) | undefined;
  consumer?: Part | undefined;
  sink: Part &
    Pick<Layout["sink"], "reader" | "ingesters"> & { kind: SinkKind; access?: SinkAccess | undefined };
  beside: Record<string, Part>;
  /** What can be started to watch it, beside its own services; undefined if nothing can. */
  monitoring?: Monitoring | undefined;
  /** What watches a custom pipeline, among its own services, with rules of the user's own; undefined if nothing does. */
  ownMonitoring?: MonitoringParts | undefined;
  deployment: Deployment;
};

/** How a pipeline comes to run. */
type Deployment = FixtureDeployment | OwnDeployment;

/** A folder of `fixtures/pipelines`. Variables of its Compose file set what differs from run to run. */
export type FixtureDeployment = Pick<Description, "logsVariable" | "stdout" | "subnetsVariable"> & {
  kind: "fixture";
};

/** What a run writes for the shipper of a custom pipeline. */
export interface OwnLines {
  /** The names of the files; without a wildcard, the name of the only one. */
  fileNames: string;
  /** Whether that file itself is mounted in the shipper's container, and not the folder that it is in. */
  isFileMounted: boolean;
  /** The template of each line; Everyline's own JSON if undefined. */
  template: string | undefined;
}

/** The user's own Compose files, which are neither moved nor changed. */
export interface OwnDeployment {
  kind: "own";
  /** Paths. */
  composeFiles: string[];
  /** Files with variables for the Compose files, in place of `.env`. */
  envFiles: readonly string[];
  /** Which of their services a run starts; none if it attaches. */
  services: RunningServices;
  /** `everyline.config.…`. */
  configFile: string;
  /**
   * Where the shipper's container finds the lines of a run: the folder with the log files, or the engine's folder of containers, or the
   * engine's socket.
   */
  logsPath: string;
  lines: OwnLines;
  /** Only if the shipper reads the stdout of containers. */
  stdout?: OwnStdout | undefined;
  /** The Compose project of a running stack to attach to, which is left running; if absent, the run starts its own. */
  project?: string | undefined;
  /** The user's configuration of mounts that a run must not share. */
  mounts: { empty: string[]; copy: string[] };
  /** By service: the image to run instead of the one in its Compose file. */
  images: ReadonlyMap<string, string>;
  /** By service: how many containers it has; one if not listed, as for a running stack that has not been inspected yet. */
  replicas: ReadonlyMap<string, number>;
  /**
   * For a running stack, by service: the error message if one of these services is up. They do the work of a part without being named by
   * it.
   */
  unnamed: ReadonlyMap<string, string>;
  /** Values that no report may contain. */
  secrets: string[];
}

/** The names of all pipelines, sorted. */
export async function listPipelines(): Promise<string[]> {
  const entries = await readdir(pipelinesFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The titles of a pipeline and of its layouts, from its `pipeline.yaml`; the default layout comes first. */
export async function describePipeline(
  name: string,
): Promise<{ title: string; layouts: { name: string; title: string }[] }> {
  const { title, layouts } = await readDescription(name);
  return {
    title,
    layouts: Object.entries(layouts).map(([layout, { title }]) => ({ name: layout, title })),
  };
}

/**
 * Reads one pipeline's description.
 *
 * @param layoutName one of its layouts; its first if undefined
 * @throws UsageError if there is no such pipeline or layout, or its description is not valid
 */
export async function loadPipeline(name: string, layoutName?: string): Promise<Pipeline> {
  const { layouts, title: _, ...shared } = await readDescription(name);
  const layout = layoutName ?? Object.keys(layouts)[0]!;
  const chosen = layouts[layout];
  if (chosen === undefined) {
    throw new UsageError(
      `the pipeline ${name} has no layout "${layout}"; it has: ${Object.keys(layouts).join(", ")}.`,
    );
  }
  const { logsVariable, stdout, subnetsVariable, monitoring: watching, ...parts } = shared;
  const { monitoringCompose, ...ofLayout } = chosen;
  if (monitoringCompose !== undefined && watching === undefined)
    throw new UsageError(
      `the pipeline ${name} has a monitoringCompose, but no monitoring that says what it starts.`,
    );
  const monitoring =
    monitoringCompose === undefined ? undefined : { ...watching!, compose: monitoringCompose };
  const { gateway = shared.gateway, kafka = shared.kafka, consumer = shared.consumer } = chosen;
  const deployment: FixtureDeployment = { kind: "fixture", logsVariable, stdout, subnetsVariable };
  const folder = join(pipelinesFolder, name);
  return { ...parts, ...ofLayout, gateway, kafka, consumer, monitoring, name, layout, folder, deployment };
}

async function readDescription(name: string): Promise<z.infer<typeof pipelineSchema>> {
  const known = await listPipelines();
  if (!known.includes(name)) {
    throw new UsageError(`there is no pipeline "${name}"; the pipelines are: ${known.join(", ")}.`);
  }
  const path = join(pipelinesFolder, name, "pipeline.yaml");
  try {
    return pipelineSchema.parse(parse(await readFile(path, "utf8")));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} does not describe a pipeline:\n${why}`);
  }
}

/** The running Compose project that a run attaches to; undefined if the run starts its own. */
export function attachedProject({ deployment }: Pipeline): string | undefined {
  return deployment.kind === "own" ? deployment.project : undefined;
}

/** What the shipper reads: log files in a folder, or the stdout of containers. */
export function readsOf({ deployment }: Pipeline): "files" | "stdout" {
  return deployment.stdout === undefined ? "files" : "stdout";
}

/** Whether the shipper reads a single file, or a single container with a fixed name, so that there can be only one source of lines. */
export function hasOneFile({ deployment }: Pipeline): boolean {
  if (deployment.kind !== "own") return false;
  return isOneFile(deployment.lines.fileNames) || deployment.stdout?.shown.isNameFixed === true;
}

/** How many containers a service has, as far as this is known before anything runs. */
export function replicasOf({ deployment }: Pipeline, service: string): number {
  return deployment.kind === "own" ? (deployment.replicas.get(service) ?? 1) : 1;
}

/** The parts of a pipeline, in the order in which a line passes them. */
export function partsOf(pipeline: Pipeline): { name: PartName; part: Part }[] {
  return partNames.flatMap((name) => {
    const part = pipeline[name];
    return part === undefined ? [] : [{ name, part }];
  });
}

/** All parts of a pipeline: those that a line passes, and those beside them. */
export function allPartsOf(pipeline: Pipeline): Part[] {
  return [...partsOf(pipeline).map(({ part }) => part), ...Object.values(pipeline.beside)];
}

/** The parts that run the image of this name. */
export function partsRunning(pipeline: Pipeline, imageName: string): Part[] {
  return allPartsOf(pipeline).filter(({ image }) => image?.name === imageName);
}

/** What shows Prometheus what parts do not show themselves, by name. It runs only if alerts are observed, and no line passes it. */
function exportersOf({ monitoring }: Pipeline): Record<string, Pick<Part, "services">> {
  return monitoring?.exporters ?? {};
}

/**
 * The services that a name stands for: those of a part or of an exporter, those of a group in the pipeline's `targets`, or a single service.
 *
 * @throws UsageError if the pipeline has none of that name
 */
export function servicesOf(pipeline: Pipeline, named: string): string[] {
  const target = isFormerName(named) && pipeline.sink.kind === "loki" ? currentName(named) : named;
  const exporters = exportersOf(pipeline);
  const part =
    partsOf(pipeline).find(({ name }) => name === target)?.part ??
    pipeline.beside[target] ??
    exporters[target];
  if (part !== undefined) return Object.keys(part.services);
  const group = pipeline.targets[target];
  if (group !== undefined) return group;
  const services = allPartsOf(pipeline).flatMap(({ services }) => Object.keys(services));
  if (services.includes(target)) return [target];
  const parts = [...partsOf(pipeline).map(({ name }) => name), ...Object.keys(pipeline.beside)];
  const names = [...parts, ...Object.keys(pipeline.targets), ...services, ...Object.keys(exporters)];
  throw new UsageError(
    `the pipeline ${pipeline.name} has no "${named}"; it has: ${[...new Set(names)].join(", ")}.`,
  );
}

/**
 * The link of this name.
 *
 * @throws UsageError if the pipeline has none of that name
 */
export function linkOf(pipeline: Pipeline, name: LinkName): z.infer<typeof linkSchema> {
  const link = pipeline.links[name];
  if (link !== undefined) return link;
  throw new UsageError(
    `the pipeline ${pipeline.name} has no link "${name}"; it has: ${Object.keys(pipeline.links).join(", ")}.`,
  );
}

/** The parts at the ends of a link. */
export function endsOf(link: LinkName): [PartName, PartName] {
  return link.split("-") as [PartName, PartName];
}
