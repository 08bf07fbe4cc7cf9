import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import { currentName, isFormerName, withSink } from "./former-names.ts";
import { type SinkKind, sinkKinds } from "./sink-kind.ts";

/** The folder that holds one folder a pipeline. */
const pipelinesFolder = join(import.meta.dirname, "../../fixtures/pipelines");

/** The parts of a pipeline that run as containers, in the order a line passes them: the names of its hops but the first. */
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

const partSchema = z.strictObject({
  /**
   * The part's services in the Compose file, each with the variable that sets its published port, which Everyline sets to 0; null for
   * one that publishes none.
   */
  services: z.record(z.string(), z.string().nullable()),
  /** The port of each one's server inside its container. */
  port: z.int().min(1).max(65_535),
  /** Which image of the catalogue they run, and the Compose variable that takes the reference. */
  image: z.strictObject({ name: z.string(), version: z.string(), variable: z.string() }),
});

const sinkSchema = partSchema.extend({
  /** Any but that of the place in memory, which nothing describes in a file. */
  kind: z.enum(sinkKinds).exclude(["memory"]),
  /** The service that answers queries. */
  reader: z.string(),
  /** The services that hold lines in memory: told to write them to the store before the second reading. */
  ingesters: z.array(z.string()).min(1),
});

const linkSchema = z.strictObject({
  /** The network, as the Compose file names it, that carries this connection and nothing else of the two parts. */
  network: z.string(),
  /** The services that are taken from it to cut the connection: all that stand at one of its ends. */
  disconnect: z.array(z.string()).min(1),
});

const kafkaSchema = partSchema.extend({
  topic: z.string(),
  deadLetterTopic: z.string(),
  /** The consumer group that delivers to the sink. */
  group: z.string(),
  /** The Compose variables that set, in milliseconds, how often and when for the first time brokers look for what to delete. */
  retentionCheckVariables: z.array(z.string()).default([]),
});

const sitesSchema = z.strictObject({
  /** The Toxiproxy, by its name in `beside`, that carries everything between the sites. */
  link: z.string(),
  /** The second site's own Kafka, by its name in `beside`, which the consumer reads; none where one cluster spans both sites. */
  standby: z.string().optional(),
});

/** What may differ between the layouts of a pipeline. */
const layoutFields = z.strictObject({
  /** One line for people. */
  title: z.string(),
  /** The Compose file, in the pipeline's folder. */
  compose: z.string(),
  sink: sinkSchema,
  links: z.partialRecord(z.enum(linkNames), linkSchema),
  /** Names for some services of a part, as targets of faults. */
  targets: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  /** Instead of the pipeline's. */
  gateway: partSchema.optional(),
  kafka: kafkaSchema.optional(),
  consumer: partSchema.optional(),
  /** What runs beside the way of a line to the sink that is read. */
  beside: z.record(z.string(), partSchema).default({}),
  /** Of a layout of two sites, of which `targets` names the one that can be lost. */
  sites: sitesSchema.optional(),
});

/** As `pipeline.yaml` had it before there were other sinks than Loki: `loki`, with `writers`, in place of `sink`. */
const layoutSchema = z.preprocess(withSink, layoutFields);
const stdoutSchema = z.strictObject({
  /** Where the shipper's container has the folder of the engine's containers. */
  path: z.string(),
  /** The Compose variable that takes the ids of the containers to be read, with commas between them. */
  idsVariable: z.string(),
});

const pipelineSchema = z.strictObject({
  /** One line for people. */
  title: z.string(),
  /** The Compose variable that takes the folder which the load writes into. */
  logsVariable: z.string(),
  /** Of a pipeline whose shipper reads what containers write to stdout: `logsVariable` then takes the folder of the engine's containers. */
  stdout: stdoutSchema.optional(),
  /** The Compose variable that takes the first three numbers of the addresses of networks in which parts have fixed ones. */
  subnetsVariable: z.string().optional(),
  /** The selector, in the sink's language, of every stream the pipeline delivers. */
  selector: z.string(),
  /** How long the pipeline may be silent without having given up a line, beyond the shipper's own retries. */
  quietSeconds: z.number().positive(),
  /** Promtail; `config` is its file in the pipeline's folder. */
  shipper: partSchema.extend({ config: z.string() }),
  gateway: partSchema.optional(),
  kafka: kafkaSchema.optional(),
  consumer: partSchema.optional(),
  /** By name; the first is used unless another is asked for. */
  layouts: z
    .record(z.string(), layoutSchema)
    .refine((layouts) => Object.keys(layouts).length > 0, "expected one layout at least"),
});

/** Which image a part runs: one of the catalogue, or another one where `reference` names it. */
export type PartImage = z.infer<typeof partSchema>["image"] & { reference?: string };

/** What a part runs as. In a pipeline of the user's own the Compose file says which image, and some ports nobody needs. */
export type Part = Pick<z.infer<typeof partSchema>, "services"> & {
  port?: number | undefined;
  image?: PartImage | undefined;
};

/** What lies in a pipeline's Kafka, and who delivers it to the sink; not every consumer lays aside what that refuses. */
type KafkaTopics = Pick<z.infer<typeof kafkaSchema>, "topic" | "group" | "retentionCheckVariables"> & {
  deadLetterTopic?: string | undefined;
};

type Layout = z.infer<typeof layoutFields>;
type Description = z.infer<typeof pipelineSchema>;

/** How the sink is asked, where it is not simply asked. */
export interface SinkAccess {
  /** Sent with every request: a tenant, a password. */
  headers: Record<string, string>;
  /** Where it is reached, if it is none of the pipeline's services. */
  url?: string | undefined;
  /** What stands before the paths of its API at the service that answers queries: a prefix of Loki's own, or of a proxy. */
  path?: string | undefined;
}

/** The system under test in one of its layouts: a folder of `fixtures/pipelines`, or one of the user's own. */
export type Pipeline = Omit<Layout, "sink" | "kafka" | "consumer" | "beside" | "gateway"> & {
  name: string;
  /** The layout's name. */
  layout: string;
  /** Where its Compose file lies. */
  folder: string;
  selector: string;
  quietSeconds: number;
  /** How long lines that are still on their way are waited for; the run's own bound if absent. */
  settleSeconds?: number | undefined;
  shipper: Part & {
    /** A file of the pipeline's folder, where its form is known. */
    config?: string | undefined;
    /** Where its `/metrics` may answer, if that is not at its `port`. */
    metricsPorts?: readonly number[] | undefined;
    /** What its configuration says of its retries, where nobody asks itself. */
    patience?: ShipperPatience | undefined;
  };
  gateway?: Part | undefined;
  kafka?: (Part & KafkaTopics) | undefined;
  consumer?: Part | undefined;
  sink: Part &
    Pick<Layout["sink"], "reader" | "ingesters"> & { kind: SinkKind; access?: SinkAccess | undefined };
  beside: Record<string, Part>;
  deployment: Deployment;
};

/** How a pipeline comes to run. */
type Deployment = FixtureDeployment | OwnDeployment;

/** A folder of `fixtures/pipelines`, whose Compose file takes by variables what differs from run to run. */
export type FixtureDeployment = Pick<Description, "logsVariable" | "stdout" | "subnetsVariable"> & {
  kind: "fixture";
};

/** Compose files of the user's own, which stay where and as they are. */
export interface OwnDeployment {
  kind: "own";
  /** Paths; the first one is in the pipeline's folder. */
  composeFiles: string[];
  /** `everyline.config.…`. */
  configFile: string;
  /** Where the shipper's container finds the log files. */
  logsPath: string;
  /** The stack that is up already, and stays up; one is started if absent. */
  project?: string | undefined;
  /** What the user says of mounts that a run may not share. */
  mounts: { empty: string[]; copy: string[] };
  /** By service, whichever runs another image than its Compose file says. */
  images: ReadonlyMap<string, string>;
  /** By service, how many containers it has; one where nothing is said, as of a stack that is up before anybody has looked. */
  replicas: ReadonlyMap<string, number>;
  /** By service, what is wrong if one of these is up, which no part names though it does a part's work; of a stack that is up before. */
  unnamed: ReadonlyMap<string, string>;
  /** What no report may show. */
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

/** What `pipeline.yaml` says of a pipeline: its title, and that of each of its layouts, the one used by default first. */
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
 * @throws UsageError if there is no such pipeline or layout, or its description is not one
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
  const { logsVariable, stdout, subnetsVariable, ...parts } = shared;
  const { gateway = shared.gateway, kafka = shared.kafka, consumer = shared.consumer } = chosen;
  const deployment: FixtureDeployment = { kind: "fixture", logsVariable, stdout, subnetsVariable };
  const folder = join(pipelinesFolder, name);
  return { ...parts, ...chosen, gateway, kafka, consumer, name, layout, folder, deployment };
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

/** The Compose project that was up before, and is to stay up; undefined where a run starts one of its own. */
export function attachedProject({ deployment }: Pipeline): string | undefined {
  return deployment.kind === "own" ? deployment.project : undefined;
}

/** What the shipper reads: log files of a folder, or what containers write to stdout. */
export function readsOf({ deployment }: Pipeline): "files" | "stdout" {
  return deployment.kind === "fixture" && deployment.stdout !== undefined ? "stdout" : "files";
}

/** How many containers a service has, as far as that is known before anything runs. */
export function replicasOf({ deployment }: Pipeline, service: string): number {
  return deployment.kind === "own" ? (deployment.replicas.get(service) ?? 1) : 1;
}

/** The parts that a pipeline has, in the order a line passes them. */
export function partsOf(pipeline: Pipeline): { name: PartName; part: Part }[] {
  return partNames.flatMap((name) => {
    const part = pipeline[name];
    return part === undefined ? [] : [{ name, part }];
  });
}

/** Everything that runs: the parts that a line passes, and what is beside them. */
export function allPartsOf(pipeline: Pipeline): Part[] {
  return [...partsOf(pipeline).map(({ part }) => part), ...Object.values(pipeline.beside)];
}

/** The parts that run an image of the catalogue, by its name. */
export function partsRunning(pipeline: Pipeline, imageName: string): Part[] {
  return allPartsOf(pipeline).filter(({ image }) => image?.name === imageName);
}

/**
 * The services behind the name of a part, of a group that the pipeline names, or of a single service.
 *
 * @throws UsageError if the pipeline has none of that name
 */
export function servicesOf(pipeline: Pipeline, named: string): string[] {
  const target = isFormerName(named) && pipeline.sink.kind === "loki" ? currentName(named) : named;
  const part = partsOf(pipeline).find(({ name }) => name === target)?.part ?? pipeline.beside[target];
  if (part !== undefined) return Object.keys(part.services);
  const group = pipeline.targets[target];
  if (group !== undefined) return group;
  const services = allPartsOf(pipeline).flatMap(({ services }) => Object.keys(services));
  if (services.includes(target)) return [target];
  const parts = [...partsOf(pipeline).map(({ name }) => name), ...Object.keys(pipeline.beside)];
  const names = [...parts, ...Object.keys(pipeline.targets), ...services];
  throw new UsageError(
    `the pipeline ${pipeline.name} has no "${named}"; it has: ${[...new Set(names)].join(", ")}.`,
  );
}

/**
 * The connection of a name.
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
