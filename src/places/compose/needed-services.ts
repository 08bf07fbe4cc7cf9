import { UsageError } from "../../base/errors.ts";
import type { Need, RunningServices } from "../../pipeline/what-runs.ts";
import { isProxyImage } from "../images/known-images.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { hostsIn } from "./named-hosts.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";
import { namesOf } from "./service-names.ts";
import { textsOf } from "./service-texts.ts";

/** What decides which services run. */
export interface NeedOptions {
  /** The services that the configuration names as parts. */
  named: readonly string[];
  /** Those of them that ship lines; of their configuration only the addresses that they push lines to, or ask the container engine at, count. */
  shippers: readonly string[];
  /** Where the shipper finds log files, if it reads some: what is mounted there is no configuration. */
  logsPath: string | undefined;
  /** `with` and `without` of the configuration, and the active profiles. */
  with: readonly string[];
  without: readonly string[];
  profiles: readonly string[];
  /** The configuration, for messages. */
  file: string;
}

/**
 * Finds the services that have to run: the named ones, what they depend on, and what their own configuration names as a host, such as the
 * gateway that a shipper pushes to, or the object store of the sink. Services of inactive profiles are not found by their names as hosts.
 *
 * @throws UsageError if `with` or `without` names a service that does not exist, or that cannot be left out
 */
export async function neededServices(model: ComposeModel, options: NeedOptions): Promise<RunningServices> {
  assertWishes(model, options);
  const needs = new Map<string, Need>();
  const without = new Set<string>();
  const started = new Set<string>();
  const pending = [...options.named];
  const need = (name: string, why: Need) => {
    if (options.without.includes(name)) return void without.add(name);
    const known = needs.get(name);
    // A service that is addressed is not merely waited for.
    const isMore = known?.code === "dependency" && why.code !== "dependency";
    if (options.named.includes(name) || (known !== undefined && !isMore)) return;
    needs.set(name, why);
    started.delete(name);
    pending.push(name);
  };
  for (const name of options.with) need(name, { code: "asked-for" });
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (started.has(name)) continue;
    started.add(name);
    const service = model.services[name]!;
    assertSharesNone(name, service, options);
    for (const other of Object.keys(service.depends_on)) need(other, { code: "dependency", of: name });
    if (!hasTellingHosts(name, service, needs, options)) continue;
    for (const [other, where] of await hostsOf(model, name, options))
      need(other, { code: "named-host", by: name, where });
  }
  return { started: [...started], needs, without: [...without] };
}

/**
 * The services that remain if some are not started after all: without those that only they need.
 *
 * @param gone services that others merely depend on
 */
export function withoutServices(
  { started, needs, without }: RunningServices,
  { services }: ComposeModel,
  gone: readonly string[],
): RunningServices {
  let left = started.filter((name) => !gone.includes(name));
  for (let before = left.length + 1; left.length < before; ) {
    before = left.length;
    const now = left;
    left = now.filter((name) => {
      const need = needs.get(name);
      if (need === undefined || need.code === "asked-for") return true;
      if (need.code === "named-host") return now.includes(need.by);
      return now.some((other) => name in services[other]!.depends_on);
    });
  }
  return { started: left, needs, without: [...without, ...gone] };
}

/** A service that others merely wait for, such as an application, may name whatever it likes; a proxy has to resolve its targets. */
function hasTellingHosts(
  name: string,
  { image }: ComposeService,
  needs: ReadonlyMap<string, Need>,
  { named }: NeedOptions,
): boolean {
  return named.includes(name) || needs.get(name)?.code !== "dependency" || isProxyImage(image ?? name);
}

/** The other services that a service names as hosts, and where. */
async function hostsOf(
  model: ComposeModel,
  name: string,
  options: NeedOptions,
): Promise<Map<string, string>> {
  // What somebody names runs in any case, so its profile is one that they use.
  const ofNamed = options.named.flatMap((other) => model.services[other]!.profiles ?? []);
  const active = [...options.profiles, ...ofNamed];
  const services = new Map(
    Object.entries(model.services)
      .filter(([other, service]) => other !== name && isActive(service, active))
      .flatMap(([other, service]) =>
        namesOf(other, service).map((host) => [host.toLowerCase(), other] as const),
      ),
  );
  const known = new Set(services.keys());
  const found = new Map<string, string>();
  const settings = options.shippers.includes(name) ? await readShipperSettings(model, name) : undefined;
  const all = await textsOf(model, name, options.logsPath);
  const texts =
    settings !== undefined && !("why" in settings)
      ? [
          ...settings.pushUrls.map((text) => ({ where: "its configuration", text })),
          // A proxy in front of the container engine.
          ...all.flatMap(({ where, text }) =>
            (text.match(/\btcp:\/\/[\w.-]+(:\d+)?/g) ?? []).map((url) => ({ where, text: url })),
          ),
        ]
      : all;
  for (const { where, text } of texts)
    for (const host of hostsIn(text, known)) {
      const other = services.get(host)!;
      if (!found.has(other)) found.set(other, where);
    }
  return found;
}

function isActive({ profiles }: ComposeService, active: readonly string[]): boolean {
  return !profiles?.length || active.includes("*") || profiles.some((profile) => active.includes(profile));
}

function assertWishes(model: ComposeModel, { named, with: more, without, file }: NeedOptions): void {
  for (const [key, names] of Object.entries({ with: more, without })) {
    const unknown = names.find((name) => !(name in model.services));
    if (unknown !== undefined)
      throw new UsageError(
        `${file} lists the service "${unknown}" under ${key}, which the Compose files do not have; they have: ` +
          `${Object.keys(model.services).join(", ")}.`,
      );
  }
  const part = without.find((name) => named.includes(name));
  if (part !== undefined)
    throw new UsageError(
      `${file} lists ${part} under without, and names it as a part of the pipeline; omit one of them.`,
    );
  const both = without.find((name) => more.includes(name));
  if (both !== undefined) throw new UsageError(`${file} lists ${both} under with and under without.`);
}

/** A container cannot start without another one whose network, volumes or links it has. */
function assertSharesNone(name: string, service: ComposeService, { without, file }: NeedOptions): void {
  const shared = [
    ...[service.network_mode ?? ""].map((mode) => /^service:(.+)$/.exec(mode)?.[1]),
    ...(service.volumes_from ?? []).map((from) => from.split(":")[0]),
    ...(service.links ?? []).map((link) => link.split(":")[0]),
  ].find((other) => other !== undefined && without.includes(other));
  if (shared === undefined) return;
  throw new UsageError(
    `${file} lists ${shared} under without, but ${name} has the network, the volumes or a link of ${shared}, so it cannot start ` +
      `without it. Omit ${shared} there, or list ${name} as well.`,
  );
}
