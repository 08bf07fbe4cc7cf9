import { isIP } from "node:net";
import { UsageError } from "../../base/errors.ts";
import { type SinkKind, sinkName } from "../../pipeline/sink-kind.ts";
import type { ComposeModel } from "./compose-model.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";

/** Names by which containers reach the machine that they run on. */
const machineNames = ["host.docker.internal", "gateway.docker.internal", "host.containers.internal"];

/**
 * Refuses a shipper that would send a run's lines to something that is certainly not part of the run's stack, such as the user's real
 * collector.
 *
 * @throws UsageError naming the address
 */
export async function assertPushesWithin(
  model: ComposeModel,
  shipper: string,
  sink: SinkKind,
): Promise<void> {
  const settings = await readShipperSettings(model, shipper);
  if ("why" in settings) return;
  const outside = settings.pushUrls.find((url) => isOutside(url, model, shipper));
  if (outside === undefined) return;
  throw new UsageError(
    `${shipper} pushes to ${outside} by its configuration. That is not a service of the stack, so a run would send its lines there. ` +
      "Configure it to push only to a service of the stack, for example by a separate configuration in a further Compose file. " +
      (sink === "file"
        ? "Or attach "
        : `If that is the ${sinkName(sink)} that the lines should reach, name it as ${sink}.url, or attach `) +
      "to the running stack with --project NAME.",
  );
}

/** Names that may mean a container in some way are treated as a container's name. */
function isOutside(url: string, { services }: ComposeModel, shipper: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const endpoints = Object.values(services).flatMap(({ networks }) => Object.values(networks));
  const hosts = (services[shipper]!.extra_hosts ?? []).map((line) => line.split(/[=:]/)[0]);
  if (machineNames.includes(host) || hosts.includes(host)) return true;
  if (isIP(host) !== 0) {
    const fixed = endpoints.flatMap((endpoint) => [endpoint?.ipv4_address, endpoint?.ipv6_address]);
    return !/^127\.|^::1$/.test(host) && !fixed.includes(host);
  }
  const names = Object.entries(services).flatMap(([name, { container_name: other }]) => [name, other]);
  const isKnown = [...names, ...endpoints.flatMap((endpoint) => endpoint?.aliases ?? [])].includes(host);
  return parsed.protocol === "https:" && host.includes(".") && !isKnown;
}
