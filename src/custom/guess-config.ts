import { dirname } from "node:path";
import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import { isWithin } from "../places/compose/configuration-path.ts";
import { fileToRead } from "../places/compose/read-check.ts";
import { readShipperSettings } from "../places/compose/read-shipper-settings.ts";
import { seemsToBe } from "../places/images/known-images.ts";
import { loki } from "../products/loki.ts";
import { readingOf, type ShipperSettings } from "../products/shipper-settings.ts";
import { guessSelector } from "./guess-selector.ts";

/** What a Compose file suggests about a pipeline, and what only its owner can know. */
export interface Guess {
  shipper: string | undefined;
  /** Where the shipper's container finds log files; undefined with the reason, as a remark. */
  logsFolder: string | undefined;
  whyNoFolder?: string | undefined;
  loki: GuessedLoki | undefined;
  /** A LogQL selector. */
  selector: string;
  /** Why the selector could not be derived. */
  whyNoSelector?: string | undefined;
  tenant?: string | undefined;
  kafka: string[];
}

interface GuessedLoki {
  /** The service that answers queries, which may be a proxy in front of it. */
  service: string;
  port: number;
  /** All services that run Loki. */
  services: string[];
  /** Its ingesters, which hold lines in memory, if not all services do. */
  writers?: string[] | undefined;
}

const configFile = /\.(ya?ml|json|conf|toml|alloy|river|properties)$/;
const defaultLokiPort = 3_100;
const everything = '{service_name=~".+"}';

/**
 * Determines the parts of a Compose file from the images that its services run, the folders that they mount, and the shipper's own
 * configuration, if that is a file on this machine.
 */
export async function guess(model: ComposeModel): Promise<Guess> {
  const all = Object.entries(model.services);
  const named = (form: RegExp) => all.filter(([name, { image = name }]) => form.test(image));
  const [shipper] = named(seemsToBe.shipper);
  const lokis = named(loki.image).filter(([name]) => name !== shipper?.[0]);
  const brokers = named(seemsToBe.kafka).filter(
    ([name, { image = "" }]) =>
      !seemsToBe.noBroker.test(name) && !seemsToBe.noBroker.test(image.split("/").at(-1)!),
  );
  const kafka = brokers.map(([name]) => name);
  const known = shipper && (await readShipperSettings(model, shipper[0]));
  const settings = known !== undefined && "reads" in known ? known : undefined;
  const folder = shipper && logsFolderOf(shipper[1], settings);
  return {
    shipper: shipper?.[0],
    logsFolder: folder?.path,
    whyNoFolder: folder?.why,
    loki: lokiOf(model, lokis, kafka.length === 0 ? settings?.pushUrls[0] : undefined),
    ...selectorOf(known, folder?.path),
    tenant: settings?.tenant?.includes("${") ? undefined : settings?.tenant,
    kafka,
  };
}

/** Where the shipper reads `*.log` by its own configuration; otherwise a read-only folder with "log" in its name, if there is one. */
function logsFolderOf(
  { volumes }: ComposeService,
  settings: ShipperSettings | undefined,
): { path?: string; why?: string } {
  const folders = volumes.filter(({ target }) => !configFile.test(target) && !target.endsWith(".sock"));
  const rank = ({ target, read_only }: (typeof folders)[number]) =>
    (/logs?\b/i.test(target) ? 2 : 0) + (read_only ? 1 : 0);
  const [guessed] = folders.sort((one, other) => rank(other) - rank(one)).map(({ target }) => target);
  const readsNone = settings?.reads.length === 0;
  if (readsNone && !settings.isDynamic) return { why: "by its configuration it reads no files" };
  if (settings === undefined || readsNone) return guessed ? { path: guessed } : {};
  const globs = settings.reads.flatMap((files) => files.globs);
  const candidates = [...globs.map(folderOf), ...folders.map(({ target }) => target)];
  const isMounted = (path: string) => (volumes.some(({ target }) => target === path) ? 1 : 0);
  const isInMount = (path: string) => (volumes.some(({ target }) => isWithin(path, target)) ? 1 : 0);
  const [path] = candidates
    .filter((folder) => readingOf(settings, fileToRead(folder)).length > 0)
    .sort((one, other) => isMounted(other) - isMounted(one) || isInMount(other) - isInMount(one));
  if (path !== undefined) return { path };
  if (settings.isDynamic) return guessed ? { path: guessed } : {};
  return {
    why: `it reads ${globs.join(", ")}, and Everyline writes several files named *.log into a folder`,
  };
}

/** The path before the first wildcard, if that is a whole folder. */
function folderOf(glob: string): string {
  const [fixed] = glob.split(/[*?[{]/) as [string];
  return fixed === glob || !fixed.endsWith("/") ? dirname(fixed) : fixed.slice(0, -1) || "/";
}

/** The target of the shipper's pushes is the service in front of Loki, which reaches all of its services. */
function lokiOf(
  { services }: ComposeModel,
  lokis: [string, ComposeService][],
  pushUrl: string | undefined,
): GuessedLoki | undefined {
  const [first] = lokis;
  if (first === undefined) return undefined;
  const names = lokis.map(([name]) => name);
  const targetOf = ({ command }: ComposeService) =>
    /^--?target=(.+)$/.exec(command?.find((word) => /^--?target=/.test(word)) ?? "")?.[1]?.split(",") ?? [
      "all",
    ];
  const holds = lokis.filter(([, service]) =>
    targetOf(service).some((target) => ["all", "write", "ingester"].includes(target)),
  );
  const answers = lokis.filter(([, service]) =>
    targetOf(service).some((target) => ["all", "read", "query-frontend"].includes(target)),
  );
  const front = frontOf(services, pushUrl);
  const isAsked =
    front && (!names.includes(front.service) || answers.some(([name]) => name === front.service));
  const reader = answers[0] ?? first;
  const asked = isAsked ? front : { service: reader[0], port: reader[1].ports[0]?.target ?? defaultLokiPort };
  const writers = holds.map(([name]) => name);
  return {
    ...asked,
    services: names,
    writers: writers.length > 0 && writers.length < names.length ? writers : undefined,
  };
}

/** The service that a URL inside the stack names, by its own name or its container's. */
function frontOf(services: ComposeModel["services"], url: string | undefined) {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null) return undefined;
  const [found] = Object.entries(services).filter(
    ([name, { container_name: other }]) => name === parsed.hostname || other === parsed.hostname,
  );
  const port = Number(parsed.port) || (parsed.protocol === "https:" ? 443 : 80);
  return found && parsed.protocol === "http:" ? { service: found[0], port } : undefined;
}

function selectorOf(
  known: ShipperSettings | { why: string } | undefined,
  folder: string | undefined,
): Pick<Guess, "selector" | "whyNoSelector"> {
  if (known === undefined) return { selector: everything, whyNoSelector: "no shipper was found" };
  if ("why" in known) return { selector: everything, whyNoSelector: known.why };
  const derived =
    folder === undefined ? { why: "its folder of log files is not known" } : guessSelector(known, folder);
  return "selector" in derived ? derived : { selector: everything, whyNoSelector: derived.why };
}
