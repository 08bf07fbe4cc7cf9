import { prometheusPort } from "../pipeline/own-config.ts";
import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import { readShipperSettings } from "../places/compose/read-shipper-settings.ts";
import { configurationFilesOf, programOf, type ServiceProgram } from "../places/compose/service-program.ts";
import { shipperPrograms } from "../places/compose/shipper-programs.ts";
import { isBrokerImage, isPrometheusImage, isSinkImage } from "../places/images/known-images.ts";
import { loki } from "../products/loki.ts";
import { isLokiConfiguration } from "../products/loki-settings.ts";
import type { ShipperSettings } from "../products/shipper-settings.ts";

/** A service that seems to ship lines. */
export interface ShipperCandidate {
  service: string;
  /** What speaks for it, such as its image. */
  evidence: string;
  weight: number;
  /** What its configuration says; the reason if that is not known. */
  settings: ShipperSettings | { why: string };
}

/** What the services of a Compose file do. */
export interface Parts {
  /** The likeliest first. */
  shippers: ShipperCandidate[];
  lokis: string[];
  brokers: string[];
  /** The first Prometheus that there is, and where it answers if that is not its usual port. */
  monitoring: GuessedMonitoring | undefined;
}

/** What watches the parts, with rules of its own. */
export interface GuessedMonitoring {
  prometheus: string;
  port?: number | undefined;
}

/** The tools of Kafka and Redpanda, such as `kafka-topics.sh`. */
const kafkaTool =
  /(^|\/)(kafka-(topics|console-\w+|configs|acls|consumer-\w+|producer-\w+|verifiable-\w+|mirror-\w+)(\.sh)?|rpk|connect-\w+(\.sh)?)$/;

/** What a candidate has to have at least: an image, a command line or a configuration that is known. */
const leastWeight = 3;

/**
 * Tells what the services of a Compose file do: by their images, Dockerfiles and command lines, and by the form of their configuration.
 *
 * @param profiles those that are active; services of others count less
 */
export async function partsOf(model: ComposeModel, profiles: readonly string[]): Promise<Parts> {
  const services = Object.entries(model.services).filter(([name]) => !isOneShot(name, model));
  const shippers: ShipperCandidate[] = [];
  const lokis: string[] = [];
  const brokers: string[] = [];
  let monitoring: GuessedMonitoring | undefined;
  for (const [name, service] of services) {
    const program = await programOf(name, service);
    if (await runsLoki(name, service, model)) lokis.push(name);
    else if (runsBroker(program)) brokers.push(name);
    else if (isPrometheusImage(program.image)) monitoring ??= monitoringBy(name, program);
    else shippers.push(...(await shipperOf(name, service, model, profiles)));
  }
  return { shippers: shippers.sort((one, other) => other.weight - one.weight), lokis, brokers, monitoring };
}

function monitoringBy(prometheus: string, { words }: ServiceProgram): GuessedMonitoring {
  const line = words.join(" ");
  const port = Number(/--?web\.listen-address[= ]\S*?:(\d+)/.exec(line)?.[1] ?? prometheusPort);
  return port === prometheusPort ? { prometheus } : { prometheus, port };
}

async function shipperOf(
  name: string,
  service: ComposeService,
  model: ComposeModel,
  profiles: readonly string[],
): Promise<ShipperCandidate[]> {
  const [likely] = await shipperPrograms(model, name);
  if (likely === undefined || likely.weight < leastWeight) return [];
  const settings = await readShipperSettings(model, name);
  const isActive = (service.profiles ?? []).every((profile) => profiles.includes(profile));
  const known = "why" in settings ? 0 : weightOf(settings);
  return [
    {
      service: name,
      evidence: likely.evidence.join(", "),
      weight: likely.weight + known + (isActive ? 1 : 0),
      settings,
    },
  ];
}

/** What ships lines of files or containers to a Loki counts more than what does something else with the same program. */
function weightOf({ reads, containers = [], pushUrls, topicsWritten = [] }: ShipperSettings): number {
  const hasSource = reads.length > 0 || containers.length > 0;
  const hasTarget = pushUrls.length > 0 || topicsWritten.length > 0;
  return (hasSource ? 8 : 0) + (hasTarget ? 4 : 0);
}

async function runsLoki(name: string, service: ComposeService, model: ComposeModel): Promise<boolean> {
  const program = await programOf(name, service);
  if (isSinkImage(program.image, loki)) return !service.entrypoint || saysLoki(program.words);
  if (loki.program.test(program.words.join(" "))) return true;
  const files = await configurationFilesOf(model, service, program);
  const named = files.filter(({ path }) => program.words.some((word) => word.endsWith(path)));
  return named.some(({ text }) => isLokiConfiguration(text));
}

/** Whether it is a broker, and none of the tools that are in the same image. */
function runsBroker({ image, words }: ServiceProgram): boolean {
  return isBrokerImage(image) && !words.some((word) => kafkaTool.test(word));
}

/** Whether a command line that replaces the image's own still starts Loki. */
function saysLoki(words: readonly string[]): boolean {
  return words.some((word) => /(^|\/)loki$/.test(word) || /^--?(config\.file|target)\b/.test(word));
}

/** Whether a service ends before others start, such as one that makes a folder. */
function isOneShot(name: string, { services }: ComposeModel): boolean {
  return Object.values(services).some(({ depends_on }) => {
    const how = depends_on[name] as { condition?: string } | null | undefined;
    return how?.condition === "service_completed_successfully";
  });
}
