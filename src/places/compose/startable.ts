import { UsageError } from "../../base/errors.ts";
import type { ComposeModel } from "./compose-model.ts";

/** A setting that two stacks of one Compose file cannot both have. */
export interface Shared {
  service: string;
  /** The setting's keys in the Compose file. */
  path: string[];
  why: string;
}

/** Why a service cannot be started twice, by its definition in the Compose file; the first reason found. */
function whyShared(model: ComposeModel, name: string, reached: readonly string[]): Shared | undefined {
  const service = model.services[name]!;
  const { network_mode: mode = "", external_links: links, volumes_from: from } = service;
  const of = (key: string, why: string) => ({ service: name, path: ["services", name, key], why });
  if (mode === "host")
    return of("network_mode", `${name} uses the network of the host, so a run would use the same ports`);
  if (mode.startsWith("container:"))
    return of("network_mode", `${name} has \`network_mode: ${mode}\`, a container outside the stack`);
  if ((mode.startsWith("service:") || mode === "none") && reached.includes(name))
    return of(
      "network_mode",
      `${name} has \`network_mode: ${mode}\`, so it has no port of its own at which Everyline could reach it`,
    );
  if (links?.length)
    return of(
      "external_links",
      `${name} has external_links to ${links.join(", ")}, which would be the user's own containers`,
    );
  const foreign = from?.find((one) => one.startsWith("container:"));
  if (foreign !== undefined)
    return of(
      "volumes_from",
      `${name} has \`volumes_from: ${foreign}\`, the volumes of a container outside the stack`,
    );
  const lan = Object.keys(service.networks).find((key) =>
    ["macvlan", "ipvlan", "overlay"].includes(model.networks[key]?.driver ?? ""),
  );
  if (lan === undefined) return undefined;
  const driver = model.networks[lan]!.driver;
  const why = `the network ${lan} of ${name} is a ${driver}, which reaches beyond this machine`;
  return { service: name, path: ["networks", lan, "driver"], why };
}

/**
 * Settings of started services that two stacks of one Compose file cannot both have.
 *
 * @param reached the services that Everyline has to reach
 */
export function sharedSettings(
  model: ComposeModel,
  started: readonly string[],
  reached: readonly string[],
): Shared[] {
  return started.flatMap((name) => whyShared(model, name, reached) ?? []);
}

/**
 * The message about such a setting, with a remedy.
 *
 * @param isPart whether a part of the pipeline names the service
 */
export function describeShared({ service, why }: Shared, isPart: boolean): string {
  const leave = isPart ? "" : ` If no line needs ${service}, list it under \`without\` in the configuration.`;
  return `a separate stack cannot be started: ${why}. Attach to the running stack with --project NAME.${leave}`;
}

/**
 * Refuses such settings.
 *
 * @throws UsageError naming the setting and what to do instead
 */
export function assertStartable(
  model: ComposeModel,
  started: readonly string[],
  reached: readonly string[],
): void {
  const [shared] = sharedSettings(model, started, reached);
  if (shared !== undefined) throw new UsageError(describeShared(shared, true));
}
