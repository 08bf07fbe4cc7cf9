import { basename, dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { isSecretName } from "../../base/redact.ts";
import { isOneFile } from "../../pipeline/file-name.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import { linesOf, sourcePath } from "../../pipeline/own-source.ts";
import {
  endsOf,
  type LinkName,
  linkNames,
  type Part,
  type PartName,
  type Pipeline,
} from "../../pipeline/pipeline.ts";
import { noServices, type RunningServices } from "../../pipeline/what-runs.ts";
import type { ShipperPatience } from "../../products/shipper-patience.ts";
import { type ComposeModel, startedWith } from "./compose-model.ts";
import { ownSinkPart, secretsOf } from "./own-sink-part.ts";
import { smallDisksOf } from "./own-small-disks.ts";
import { ownStdout } from "./own-stdout.ts";
import { assertNoneStarts, assertSinkIsNamed, replicasIn, unnamedServices } from "./unnamed-services.ts";

/** How to run a custom pipeline. */
export interface OwnOptions {
  /** The running Compose project to attach to; a separate one is started if undefined. */
  project?: string | undefined;
  /** By service: the image to run instead of the one in its Compose file. */
  images: ReadonlyMap<string, string>;
  /** Which services a run starts; what the parts depend on, if absent. */
  services?: RunningServices;
  /** Values that no report may contain, in addition to those in the Compose files. */
  hidden?: readonly string[];
  /** The ports at which the shipper's `/metrics` may answer, and its retries by its configuration. */
  metricsPorts?: readonly number[];
  patience?: ShipperPatience | undefined;
}

const minReplicas = 3;

/**
 * The pipeline that a configuration describes, checked against its Compose files.
 *
 * @throws UsageError if it names a service that the Compose files do not have; the message lists those that they have
 */
export function ownPipeline(
  config: OwnConfig,
  model: ComposeModel,
  { project, images, services, hidden = [], metricsPorts = [], patience }: OwnOptions,
): Pipeline {
  const { shipper, gateway, kafka, consumer, monitoring } = config;
  const {
    services: sinkServices,
    inFront,
    port,
    frontPort,
    selector,
    sink,
  } = ownSinkPart(config, model, project);
  const named = namedServices(config, model, project);
  assertServices(
    [monitoring?.prometheus, monitoring?.alertmanager].filter((name) => name !== undefined),
    model,
    config,
  );
  assertServices([...[config.source.stdout?.service ?? []].flat(), ...images.keys()], model, config);
  assertSinkIsNamed(config, model);
  const stdout = ownStdout(config, model);
  assertNotAttached(config, project);
  const logsPath = stdout?.path ?? sourcePath(config.source)!;
  const unnamed = unnamedServices(config, model, {
    shipper: shipper.service,
    gateway: gateway?.service,
    consumer: consumer?.service,
    sink: sinkServices,
    all: named,
    logsPath,
  });
  const running = services ?? { ...noServices, started: startedWith(model, named) };
  const replicas = new Map(named.map((service) => [service, replicasIn(model.services[service]!)]));
  if (project !== undefined) assertAttachable(config, project);
  if (project === undefined) {
    assertNoneStarts(unnamed, config, running.started);
    assertReplicas(replicas, config);
  }
  const parts: Partial<Record<PartName, Part>> = {
    shipper: partOf([shipper.service]),
    ...(gateway && { gateway: partOf([gateway.service]) }),
    ...(kafka && { kafka: partOf(kafka.services, kafka.port) }),
    ...(consumer && { consumer: partOf([consumer.service]) }),
    sink: partOf(sinkServices, port),
  };
  const partInFront = Object.values(parts).find(({ services }) => inFront.some((name) => name in services));
  if (partInFront) partInFront.port = frontPort;
  return {
    name: config.name,
    layout: project === undefined ? "own" : "attached",
    folder: dirname(config.file),
    compose: basename(config.composeFiles[0]!),
    title: `your own, as ${config.file} describes it`,
    selector,
    quietSeconds: config.quietSeconds,
    settleSeconds: config.settleSeconds,
    shipper: {
      ...parts.shipper!,
      metricsPorts: shipper.metricsPort ? [shipper.metricsPort] : metricsPorts,
      patience,
    },
    gateway: parts.gateway,
    kafka: kafka && {
      ...parts.kafka!,
      ...kafka,
      services: parts.kafka!.services,
      retentionCheckVariables: [],
    },
    consumer: parts.consumer,
    sink: { ...parts.sink!, ...sink },
    beside:
      inFront.length === 0 || partInFront !== undefined
        ? {}
        : { [`${sink.kind}-front`]: partOf(inFront, frontPort) },
    targets: {
      ...((kafka?.services.length ?? 0) >= minReplicas && { "kafka-pair": kafka!.services.slice(-2) }),
      ...(sink.ingesters.length >= minReplicas && { ingester: sink.ingesters.slice(0, 1) }),
    },
    links: linksOf(parts, model),
    smallDisks: smallDisksOf(Object.values(parts), model),
    ownMonitoring: monitoring && { prometheus: partOf([monitoring.prometheus], monitoring.port) },
    deployment: {
      kind: "own",
      composeFiles: config.composeFiles,
      envFiles: config.envFiles,
      services: project === undefined ? running : noServices,
      configFile: config.file,
      logsPath,
      stdout: stdout && { by: stdout.by, shown: stdout.shown },
      lines: linesOf(config.source),
      project,
      mounts: config.mounts,
      images,
      replicas: project === undefined ? replicas : new Map(),
      unnamed: project === undefined ? new Map() : unnamed,
      secrets: [...secretsOf(config.sink), ...secretsIn(model), ...hidden],
    },
  };
}

function partOf(services: string[], port?: number): Part {
  return { services: Object.fromEntries(services.map((service) => [service, null])), port };
}

/**
 * Refuses to attach to a stack whose shipper reads the stdout of containers: those that a run starts beside it would have to bear the labels
 * of the user's own, on which other programs of the machine act.
 */
function assertNotAttached({ file, source }: OwnConfig, project: string | undefined): void {
  if (project === undefined || source.stdout === undefined) return;
  throw new UsageError(
    `--project ${project}: ${file} says that the shipper reads the stdout of containers (source.stdout). A run would have to start ` +
      "containers beside your stack that bear the labels of your own, on which other programs of this machine may act. Omit --project: " +
      "the run then starts a separate stack, whose shipper sees nothing but the run's own containers.",
  );
}

/**
 * The services that a configuration names as parts, and the one that its sink's URL names.
 *
 * @throws UsageError if it names a service that the Compose files do not have; the message lists those that they have
 */
export function namedServices(config: OwnConfig, model: ComposeModel, project: string | undefined): string[] {
  const { shipper, gateway, consumer, kafka } = config;
  const { services: ofSink, inFront } = ownSinkPart(config, model, project);
  const named = [
    ...[shipper, gateway, consumer].flatMap((part) => part?.service ?? []),
    ...(kafka?.services ?? []),
    ...ofSink,
    ...inFront,
  ];
  assertServices(named, model, config);
  return [...new Set(named)];
}

function assertServices(
  named: Iterable<string>,
  model: ComposeModel,
  { file, composeFiles }: OwnConfig,
): void {
  const unknown = [...named].find((service) => !(service in model.services));
  if (unknown === undefined) return;
  throw new UsageError(
    `${file} names the service "${unknown}", which ${composeFiles.join(", ")} does not have; ` +
      `it has: ${Object.keys(model.services).join(", ")}.`,
  );
}

/** Refuses to write into a file that a program of the running stack writes into as well. */
function assertAttachable({ file, source }: OwnConfig, project: string): void {
  const { fileNames } = linesOf(source);
  if (!isOneFile(fileNames)) return;
  const key = source.path === undefined ? "file" : "path";
  throw new UsageError(
    `${file}: source.${key} names one file, ${fileNames}, which a program of the running project ${project} writes: its lines could not be told ` +
      "from damaged ones of a run. Omit --project, and the run starts a separate stack.",
  );
}

/**
 * Refuses services without a container, which deliver nothing; brokers with several containers, because brokers are addressed by the names of
 * their services; and files of several containers.
 */
function assertReplicas(replicas: ReadonlyMap<string, number>, { file, kafka, sink }: OwnConfig): void {
  for (const [service, count] of replicas) {
    if (count === 0)
      throw new UsageError(
        `${file} names the service ${service}, which has 0 replicas in its Compose file, so nothing of it would run; ` +
          "give it one (deploy.replicas or scale), or omit it.",
      );
    if (count > 1 && kafka?.services.includes(service)) throw manyBrokers(service, count);
    if (count > 1 && sink.kind === "file" && sink.service === service)
      throw new UsageError(
        `${file}: file.service names ${service}, which has ${count} containers, and files can be read from one alone; give it one ` +
          "(deploy.replicas or scale).",
      );
  }
}

/** The error for a broker's service with several containers: a client that connects to its name would reach any of them. */
export function manyBrokers(service: string, count: number): UsageError {
  return new UsageError(
    `the Kafka service ${service} has ${count} containers, but a broker is addressed only by the name of its service; ` +
      "give each broker a service of its own and list them under kafka.services.",
  );
}

/** Values in Compose files whose names say that they are secret: variables, and flags like `--password=…`. */
function secretsIn({ services }: ComposeModel): string[] {
  return Object.values(services).flatMap(({ environment, command }) => {
    const flags = (command ?? []).map((word) => /^--?([\w.-]+)=(.*)$/s.exec(word)?.slice(1) ?? ["", ""]);
    const named = [...Object.entries(environment), ...flags] as [name: string, value: string | null][];
    return named.flatMap(([name, value]) => (value !== null && isSecretName(name) ? [value] : []));
  });
}

/**
 * The links that can be cut separately: their ends share one network, and the services that are disconnected share this network with no
 * other part.
 */
function linksOf(parts: Partial<Record<PartName, Part>>, model: ComposeModel): Pipeline["links"] {
  const networksOf = (part: Part | undefined) =>
    new Set(
      Object.keys(part?.services ?? {}).flatMap((service) => Object.keys(model.services[service]!.networks)),
    );
  const links = linkNames.flatMap((link) => {
    const [one, other] = endsOf(link);
    // What ships and writes the files in one process has no connection between.
    if (Object.keys(parts[one]?.services ?? {}).some((name) => name in (parts[other]?.services ?? {})))
      return [];
    const shared = [...networksOf(parts[one])].filter((network) => networksOf(parts[other]).has(network));
    const [network] = shared;
    if (network === undefined || shared.length > 1) return [];
    const cut = cutEndOf(link);
    const others = (Object.keys(parts) as PartName[]).filter((part) => part !== one && part !== other);
    if (others.some((part) => networksOf(parts[part]).has(network))) return [];
    return [[link, { network, disconnect: Object.keys(parts[cut]!.services) }] as const];
  });
  return Object.fromEntries(links) as Pipeline["links"];
}

/**
 * The part that is disconnected from the network: the end that has no other neighbour there, or the sink, as in the reference architecture.
 */
function cutEndOf(link: LinkName): PartName {
  const [one, other] = endsOf(link);
  return other === "sink" ? other : one;
}
