import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../base/errors.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import type { OwnSink } from "../../pipeline/own-sink.ts";
import type { SinkProduct } from "../../products/sink-product.ts";
import { isProxyImage, isSinkImage } from "../images/known-images.ts";
import { repositoryOf } from "../images/repository.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { isWithin } from "./configuration-path.ts";
import { sourceAt } from "./mounted-source.ts";
import { unnamedSink } from "./unnamed-sink.ts";

/** The services that a configuration names, by their part. */
export interface NamedServices {
  shipper: string;
  gateway: string | undefined;
  consumer: string | undefined;
  sink: string[];
  all: string[];
  /** Where the shipper finds the lines of a run, in its container. */
  logsPath: string;
}

/**
 * Services that do the same work as a named one without being named themselves: a fault on that part would leave them running.
 *
 * @returns by service, an error message with a remedy
 */
export function unnamedServices(
  config: OwnConfig,
  model: ComposeModel,
  named: NamedServices,
): Map<string, string> {
  const unnamed = new Map<string, string>();
  const oneShots = oneShotsOf(model);
  for (const [name, service] of Object.entries(model.services)) {
    if (named.all.includes(name) || oneShots.has(name) || replicasIn(service) === 0) continue;
    const why =
      sinkTwin(name, service, model, named, config.sink) ??
      shipperTwin(name, service, model, named) ??
      workerTwin(name, service, model, named);
    if (why !== undefined) unnamed.set(name, why);
  }
  return unnamed;
}

/**
 * Refuses to start a separate stack in which one of these services would be started.
 *
 * @throws UsageError
 */
export function assertNoneStarts(
  unnamed: ReadonlyMap<string, string>,
  { file }: OwnConfig,
  started: readonly string[],
): void {
  for (const [name, why] of unnamed) if (started.includes(name)) throw new UsageError(`${file}: ${why}`);
}

/**
 * Refuses a sink URL that names a proxy when the configuration does not list the sink's services, because the URL then does not show which
 * services they are.
 *
 * @throws UsageError
 */
export function assertSinkIsNamed({ file, sink }: OwnConfig, model: ComposeModel): void {
  if (sink.kind === "file") return;
  const { kind, product, services, url } = sink;
  const { hostname } = new URL(url);
  const { image } = model.services[hostname] ?? {};
  if (services !== undefined || image === undefined) return;
  if (!isProxyImage(image)) return;
  const candidates = Object.entries(model.services).filter(([, service]) => isSink(service, product));
  const example =
    candidates.length > 0 ? candidates.map(([name]) => name).join(", ") : `${kind}-1, ${kind}-2`;
  throw new UsageError(
    `${file}: ${kind}.url names ${hostname}, which runs ${image}, a proxy: list the services that are ${product.name}'s, as in ` +
      `${kind}.services: [${example}].`,
  );
}

/** The number of containers of a service, by the Compose file. */
export function replicasIn({ scale, deploy }: ComposeService): number {
  return scale ?? deploy?.replicas ?? 1;
}

function sinkTwin(
  name: string,
  service: ComposeService,
  { services }: ComposeModel,
  { sink }: NamedServices,
  own: OwnSink,
): string | undefined {
  // What writes files is told by nothing.
  if (own.kind === "file") return undefined;
  const { kind, product } = own;
  const twin = sink.find(
    (each) => runsTheSame(service, services[each]!) && hasSameEntrypoint(service, services[each]!),
  );
  if (twin === undefined && !isSink(service, product)) return undefined;
  const likely = sink.filter(
    (each) => isSink(services[each]!, product) || runsTheSame(service, services[each]!),
  );
  return unnamedSink({
    kind,
    service: name,
    runs: twin === undefined ? service.image! : `what ${twin} runs`,
    services: [...likely, name],
  });
}

function shipperTwin(
  name: string,
  service: ComposeService,
  { services }: ComposeModel,
  { shipper, logsPath }: NamedServices,
): string | undefined {
  const one = services[shipper]!;
  if (!runsTheSame(service, one)) return undefined;
  const folder = sourceAt(one.volumes, logsPath)?.source;
  const shares = service.volumes.some(({ source }) => source && folder && overlap(source, folder));
  if (!shares) return undefined;
  return (
    `the service ${name} runs what the shipper ${shipper} runs and reads the same log files (${folder}), so it would continue while ` +
    "the shipper is broken; remove one of them, or make it one service with deploy.replicas."
  );
}

/** One image may do different work, so services are equal only if their command and environment are equal. */
function workerTwin(
  name: string,
  service: ComposeService,
  { services }: ComposeModel,
  { gateway, consumer }: NamedServices,
): string | undefined {
  const twin = [gateway, consumer].find((each) => {
    const other = each === undefined ? undefined : services[each];
    return (
      other !== undefined &&
      runsTheSame(service, other) &&
      hasSameEntrypoint(service, other) &&
      isDeepStrictEqual(service.command, other.command) &&
      isDeepStrictEqual(service.environment, other.environment)
    );
  });
  if (twin === undefined) return undefined;
  return (
    `the service ${name} is the same as ${twin}, so it would continue while ${twin} is broken; ` +
    "make them one service with deploy.replicas."
  );
}

function isSink({ image }: ComposeService, product: SinkProduct): boolean {
  return image !== undefined && isSinkImage(image, product);
}

function runsTheSame(one: ComposeService, other: ComposeService): boolean {
  if (one.image !== undefined && other.image !== undefined)
    return repositoryOf(one.image) === repositoryOf(other.image);
  return one.build !== undefined && isDeepStrictEqual(one.build, other.build);
}

function hasSameEntrypoint(one: ComposeService, other: ComposeService): boolean {
  return isDeepStrictEqual(one.entrypoint ?? null, other.entrypoint ?? null);
}

/** Services that end before others start. */
function oneShotsOf({ services }: ComposeModel): Set<string> {
  return new Set(
    Object.values(services).flatMap(({ depends_on }) =>
      Object.entries(depends_on).flatMap(([name, how]) =>
        (how as { condition?: string } | null)?.condition === "service_completed_successfully" ? [name] : [],
      ),
    ),
  );
}

function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}
