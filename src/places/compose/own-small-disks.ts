import type { Part } from "../../pipeline/pipeline.ts";
import type { ComposeModel } from "./compose-model.ts";
import { tmpfsBytes } from "./tmpfs-size.ts";

/**
 * The services that write to a volume whose size the Compose files limit, and that outlives their part: a tmpfs is empty again once no
 * container has it mounted.
 */
export function smallDisksOf(
  parts: readonly Pick<Part, "services">[],
  { services, volumes }: ComposeModel,
): string[] {
  const limited = (service: string) =>
    services[service]!.volumes.filter(
      ({ type, source, read_only: isReadOnly }) =>
        type === "volume" && !isReadOnly && tmpfsBytes(volumes[source ?? ""]?.driver_opts) !== undefined,
    );
  return parts.flatMap((part) => {
    const others = Object.entries(services).filter(([name]) => !(name in part.services));
    const isKept = (source: string | undefined) =>
      others.some(([, { volumes }]) => volumes.some((mount) => mount.source === source));
    return Object.keys(part.services).filter((service) => {
      const disks = limited(service);
      return disks.length > 0 && disks.every(({ source }) => isKept(source));
    });
  });
}
