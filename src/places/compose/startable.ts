import { UsageError } from "../../base/errors.ts";
import type { ComposeModel } from "./compose-model.ts";

/** Why a service cannot be started twice, by its definition in the Compose file; the first reason found. */
function whyShared(model: ComposeModel, name: string, reached: readonly string[]): string | undefined {
  const service = model.services[name]!;
  const { network_mode: mode = "", external_links: links, volumes_from: from } = service;
  if (mode === "host") return `${name} uses the network of the host, so a run would use the same ports`;
  if (mode.startsWith("container:"))
    return `${name} has \`network_mode: ${mode}\`, a container outside the stack`;
  if ((mode.startsWith("service:") || mode === "none") && reached.includes(name))
    return `${name} has \`network_mode: ${mode}\`, so it has no port of its own at which Everyline could reach it`;
  if (links?.length)
    return `${name} has external_links to ${links.join(", ")}, which would be the user's own containers`;
  const foreign = from?.find((one) => one.startsWith("container:"));
  if (foreign !== undefined)
    return `${name} has \`volumes_from: ${foreign}\`, the volumes of a container outside the stack`;
  const lan = Object.keys(service.networks).find((key) =>
    ["macvlan", "ipvlan", "overlay"].includes(model.networks[key]?.driver ?? ""),
  );
  if (lan !== undefined)
    return `the network ${lan} of ${name} is a ${model.networks[lan]!.driver}, which reaches beyond this machine`;
  return undefined;
}

/**
 * Refuses settings of started services that two stacks of one Compose file cannot both have.
 *
 * @param reached the services that Everyline has to reach
 * @throws UsageError naming the setting and what to do instead
 */
export function assertStartable(
  model: ComposeModel,
  started: readonly string[],
  reached: readonly string[],
): void {
  const why = started.map((name) => whyShared(model, name, reached)).find((reason) => reason !== undefined);
  if (why === undefined) return;
  throw new UsageError(
    `a separate stack cannot be started: ${why}. Attach to the running stack with --project NAME.`,
  );
}
