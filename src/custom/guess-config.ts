import { dirname } from "node:path";
import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import { isWithin } from "../places/compose/configuration-path.ts";
import { fileToRead } from "../places/compose/read-check.ts";
import { readShipperSettings } from "../places/compose/read-shipper-settings.ts";
import { seemsToBe } from "../places/images/known-images.ts";
import { readingOf, type ShipperSettings } from "../products/shipper-settings.ts";
import { guessSelector } from "./guess-selector.ts";

/** What a Compose file seems to be, and what nobody but its owner can know. */
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
  /** Where it is asked: a service, which may be a proxy before it. */
  service: string;
  port: number;
  /** All services that run Loki. */
  services: string[];
  /** Those that hold lines in memory, where some do not. */
  writers?: string[] | undefined;
}

const configFile = /\.(ya?ml|json|conf|toml|alloy|river|properties)$/;
const defaultLokiPort = 3_100;
const everything = '{service_name=~".+"}';

/**
 * Tells the hops of a Compose file by the images that its services run, the folders that they see, and the shipper's own configuration,
 * where that is a file of this machine.
 */
export async function guess(model: ComposeModel): Promise<Guess> {
  const all = Object.entries(model.services);
  const named = (form: RegExp) => all.filter(([name, { image = name }]) => form.test(image));
  const [shipper] = named(seemsToBe.shipper);
  const lokis = named(seemsToBe.loki).filter(([name]) => name !== shipper?.[0]);
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

/** Where the shipper reads `*.log` by its own configuration; else a folder that is only read, and speaks of logs, if there is one. */
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

/** What stands before the first wildcard, as far as that is a folder by itself. */
function folderOf(glob: string): string {
  const [fixed] = glob.split(/[*?[{]/) as [string];
  return fixed === glob || !fixed.endsWith("/") ? dirname(fixed) : fixed.slice(0, -1) || "/";
}

/** Where the shipper pushes to is what stands before Loki, and knows all of it. */
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

/** The service behind a URL as the others in the stack know it, by its own name or its container's. */
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
