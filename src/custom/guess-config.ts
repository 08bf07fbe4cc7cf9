import type { ComposeModel } from "../places/compose/compose-model.ts";
import { isProxyImage } from "../places/images/known-images.ts";
import type { ShipperSettings } from "../products/shipper-settings.ts";
import { foldersOf } from "./guess-folder.ts";
import { type GuessedKafka, guessKafka } from "./guess-kafka.ts";
import { frontOf, type GuessedLoki, type LokiFacts, lokiFacts } from "./guess-loki.ts";
import { notesOn } from "./guess-notes.ts";
import { type GuessedMonitoring, partsOf, type ShipperCandidate } from "./guess-parts.ts";
import { broadSelector, type GuessedSelector, guessSelector } from "./guess-selector.ts";
import { type GuessedSource, type SourceCandidate, sourcesOf } from "./guess-source.ts";

/** A value of the configuration; if it is not known, why, and what it may be. */
export interface Guessed<Value> {
  value?: Value | undefined;
  why?: string | undefined;
  candidates?: string[];
}

/** What a Compose file suggests about a pipeline, and what only its owner can know. */
export interface Guess {
  shipper: Guessed<string>;
  source: Guessed<GuessedSource>;
  /** Why lines of a run need a template that could not be made. */
  whyNoLine?: string | undefined;
  loki: GuessedLoki | undefined;
  selector: GuessedSelector;
  /** No value and no reason: nothing asks for one. */
  tenant: Guessed<string>;
  kafka: GuessedKafka | undefined;
  monitoring: GuessedMonitoring | undefined;
  /** What does not work, or what else there is; each a whole sentence without its full stop. */
  notes: string[];
}

/**
 * Determines the parts of a Compose file from what its services run, and what they ship, store and ask from their configuration, as far as
 * that is files of this machine.
 *
 * @param profiles those that are active
 */
export async function guess(model: ComposeModel, profiles: readonly string[] = []): Promise<Guess> {
  const { shippers, lokis, brokers, monitoring } = await partsOf(model, profiles);
  const [shipper] = shippers.filter((candidate) => !isConsumer(candidate));
  const settings = shipper && !("why" in shipper.settings) ? shipper.settings : undefined;
  const pushUrl = settings?.pushUrls[0];
  const isDirect = pushesToLoki(model, lokis, pushUrl);
  const kafka = isDirect ? undefined : guessKafka(model, brokers, shipper, shippers);
  const front = frontOf(model.services, pushUrl)?.service;
  const next = shippers.find(({ service }) => service === front && service !== shipper?.service);
  const lastUrl = next === undefined ? pushUrl : pushUrlOf(next);
  const facts = await lokiFacts(model, lokis, kafka === undefined ? lastUrl : kafka.consumerPushUrl);
  const sources =
    settings === undefined || shipper === undefined
      ? []
      : sourcesOf(model, shipper.service, settings, [...lokis, ...brokers]);
  const [chosen] = sources;
  return {
    shipper: shipperOf(shippers, shipper),
    source: chosen ? { value: chosen.source } : sourceWithout(model, shipper, settings),
    whyNoLine: chosen?.lines?.whyNoTemplate,
    loki: facts?.loki,
    selector: selectorOf(shipper, settings, chosen, facts),
    tenant: tenantOf(settings, chosen, facts),
    kafka,
    monitoring,
    notes: notesOn({
      ...{ model, shipper, settings, sources, lokis, brokers, isDirect },
      next: next?.service,
      consumer: kafka?.consumer,
    }),
  };
}

function pushUrlOf(candidate: ShipperCandidate | undefined): string | undefined {
  return candidate === undefined || "why" in candidate.settings ? undefined : candidate.settings.pushUrls[0];
}

/** What only reads from Kafka delivers lines of others. */
function isConsumer({ settings }: ShipperCandidate): boolean {
  if ("why" in settings) return false;
  const { reads, containers = [], topicsRead = [] } = settings;
  return topicsRead.length > 0 && reads.length === 0 && containers.length === 0;
}

/** Whether a URL is that of a Loki, or of a proxy, which stands in front of one. */
function pushesToLoki(model: ComposeModel, lokis: readonly string[], url: string | undefined): boolean {
  const front = frontOf(model.services, url);
  if (front === undefined) return false;
  return lokis.includes(front.service) || isProxyImage(model.services[front.service]!.image ?? "");
}

function shipperOf(all: readonly ShipperCandidate[], chosen: ShipperCandidate | undefined): Guessed<string> {
  if (chosen !== undefined) return { value: chosen.service };
  const candidates = all.map(({ service, evidence }) => `${service} (${evidence})`);
  return {
    why:
      candidates.length > 0
        ? "no service reads log files or the output of containers"
        : "no service runs a program that ships lines and that Everyline knows",
    candidates,
  };
}

function sourceWithout(
  model: ComposeModel,
  shipper: ShipperCandidate | undefined,
  settings: ShipperSettings | undefined,
): Guessed<GuessedSource> {
  if (shipper === undefined) return {};
  const [likely, ...candidates] = foldersOf(model.services[shipper.service]!);
  if (settings === undefined || settings.isDynamic)
    return likely === undefined
      ? { why: "its configuration is not known here, or says only when it runs what it reads" }
      : { value: { folder: likely }, candidates };
  const globs = settings.reads.flatMap((files) => files.globs);
  if (globs.length > 0)
    return { why: `it reads ${globs.join(", ")}, where no file of a run would fit`, candidates: [] };
  const others = settings.others ?? [];
  const instead = others.length === 0 ? "" : ` but ${others.join(", ")}`;
  return { why: `by its configuration it reads no files${instead}` };
}

function selectorOf(
  shipper: ShipperCandidate | undefined,
  settings: ShipperSettings | undefined,
  chosen: SourceCandidate | undefined,
  facts: LokiFacts | undefined,
): GuessedSelector {
  const loki = facts?.settings;
  if (shipper === undefined) return broadSelector("no shipper was found", loki);
  if (settings === undefined) return broadSelector((shipper.settings as { why: string }).why, loki);
  return chosen === undefined
    ? broadSelector("its folder of log files is not known", loki)
    : guessSelector(settings, chosen, loki);
}

function tenantOf(
  settings: ShipperSettings | undefined,
  chosen: SourceCandidate | undefined,
  facts: LokiFacts | undefined,
): Guessed<string> {
  const sent = chosen?.tenant ?? settings?.tenant;
  const isKnown = sent !== undefined && sent !== "" && !sent.includes("${");
  if (isKnown) return { value: sent };
  if (!facts?.settings?.needsTenant) return {};
  const candidates = facts.tenantsNamed;
  // A proxy that sets the tenant of each request is asked by Everyline as well, but Loki itself may be.
  if (sent === undefined && candidates.length === 1) return { value: candidates[0] };
  const why =
    sent === undefined
      ? "Loki has auth_enabled, and the shipper's configuration names no tenant"
      : `Loki has auth_enabled, and the shipper's tenant ${sent} depends on a variable that is not set here`;
  return { why, candidates };
}
