import type { ComposeModel, ComposeService } from "../places/compose/compose-model.ts";
import { addressedService } from "../places/compose/service-names.ts";
import { configurationFilesOf, programOf, textAt } from "../places/compose/service-program.ts";
import { isProxyImage } from "../places/images/known-images.ts";
import { type LokiSettings, lokiDefaults, lokiFileFlag, lokiSettings } from "../products/loki-settings.ts";
import { filesOfFlag } from "../products/shipper-configuration.ts";

/** Where a stack's Loki is, and what it consists of. */
export interface GuessedLoki {
  /** The service that answers queries, which may be a proxy in front of it. */
  service: string;
  port: number;
  /** The path before its API; absent if there is none. */
  prefix?: string | undefined;
  /** All services that run Loki. */
  services: string[];
  /** Its ingesters, which hold lines in memory, if not all services do. */
  writers?: string[] | undefined;
}

/** What is known of a stack's Loki. */
export interface LokiFacts {
  loki: GuessedLoki;
  /** Undefined if no configuration of it is known. */
  settings: LokiSettings | undefined;
  /** Tenants that other parts of the stack name, such as a proxy or Grafana. */
  tenantsNamed: string[];
}

const defaultPort = 3_100;
const answering = ["all", "read", "query-frontend"];
const holding = ["all", "write", "ingester"];

/**
 * Reads what the services of Loki say, each in its configuration and on its command line. The target of the shipper's pushes is the service
 * in front of Loki, which reaches all of its services.
 */
export async function lokiFacts(
  model: ComposeModel,
  lokis: readonly string[],
  pushUrl: string | undefined,
): Promise<LokiFacts | undefined> {
  const [first] = lokis;
  if (first === undefined) return undefined;
  const settings = new Map<string, LokiSettings | undefined>();
  for (const name of lokis) settings.set(name, await settingsOf(model, name));
  const runs = (targets: string[]) =>
    lokis.filter((name) =>
      (settings.get(name)?.targets ?? ["all"]).some((target) => targets.includes(target)),
    );
  const reader = runs(answering)[0] ?? first;
  const writers = runs(holding);
  const front = frontOf(model.services, pushUrl);
  const isAsked = front !== undefined && answersQueries(model, front.service, lokis, runs(answering));
  const known = settings.get(isAsked && lokis.includes(front.service) ? front.service : reader);
  const asked = isAsked ? front : { service: reader, port: portOf(model.services[reader]!, known) };
  const all = [...settings.values()].filter((one) => one !== undefined);
  return {
    loki: {
      ...asked,
      prefix: known?.prefix || undefined,
      services: [...lokis],
      writers: writers.length > 0 && writers.length < lokis.length ? writers : undefined,
    },
    settings: known && { ...known, needsTenant: all.some(({ needsTenant }) => needsTenant) },
    tenantsNamed: await tenantsNamed(model),
  };
}

/** Whether what the shipper pushes to can be asked: Loki, or a proxy. Of a program that is not known, only where it stands for several Lokis. */
function answersQueries(
  { services }: ComposeModel,
  front: string,
  lokis: readonly string[],
  readers: readonly string[],
): boolean {
  if (lokis.includes(front)) return readers.includes(front);
  return isProxyImage(services[front]!.image ?? "") || readers.length > 1;
}

async function settingsOf(model: ComposeModel, name: string): Promise<LokiSettings | undefined> {
  const service = model.services[name]!;
  const { image, words, built } = await programOf(name, service);
  const [named] = filesOfFlag(words, lokiFileFlag);
  const paths = named === undefined ? lokiDefaults : [named];
  let text: string | undefined;
  for (const path of paths) text ??= await textAt(model, service, path, built);
  const isOfImage = text === undefined && (named === undefined || lokiDefaults.includes(named));
  if (text === undefined && !isOfImage) return undefined;
  const [, version] = /:v?(\d[\w.]*)/.exec(image) ?? [];
  try {
    return lokiSettings(text, words, service.environment, version);
  } catch {
    return undefined;
  }
}

function portOf({ ports }: ComposeService, settings: LokiSettings | undefined): number {
  if (settings !== undefined && settings.port !== defaultPort) return settings.port;
  const targets = ports.map(({ target }) => target);
  return targets.includes(defaultPort) ? defaultPort : (targets[0] ?? settings?.port ?? defaultPort);
}

/** The service that a URL inside the stack names, unless it is asked over TLS. */
export function frontOf(services: ComposeModel["services"], url: string | undefined) {
  const found = url === undefined ? undefined : addressedService(services, url);
  return found?.protocol === "http:" ? { service: found.service, port: found.port } : undefined;
}

/** The tenants that configuration files of the stack name beside the header `X-Scope-OrgID`, in Grafana as in nginx. */
async function tenantsNamed(model: ComposeModel): Promise<string[]> {
  const forms = [
    /x-scope-orgid["']?\s*[:=\s]\s*["']?([\w.@-]+)/gi,
    /httpHeaderValue\d+["']?\s*:\s*["']?([\w.@-]+)/g,
  ];
  const found = new Set<string>();
  for (const [name, service] of Object.entries(model.services)) {
    const files = await configurationFilesOf(model, service, await programOf(name, service));
    for (const { text } of files.filter(({ text }) => /x-scope-orgid/i.test(text)))
      for (const form of forms) for (const [, tenant] of text.matchAll(form)) found.add(tenant!);
  }
  return [...found].filter((tenant) => !/^(httpHeader\w*|secureJsonData|jsonData|\$.*)$/.test(tenant));
}
