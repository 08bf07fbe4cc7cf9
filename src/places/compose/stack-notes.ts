import type { RunningServices } from "../../pipeline/what-runs.ts";
import type { MountNote } from "../mount-note.ts";
import type { ComposeModel } from "./compose-model.ts";
import { externalNetworks, externalVolumes } from "./compose-override.ts";
import type { MountPlan } from "./own-mounts.ts";
import type { MovedNetwork } from "./subnets.ts";

/** What a run has otherwise than the user's stack in services, networks and volumes. */
export interface StackDifferences {
  services: RunningServices;
  /** By service: why it does not run although others depend on it. */
  unavailable: ReadonlyMap<string, string>;
  /** The service in whose place the run's load stands, if there is one. */
  stoodFor?: string | undefined;
  mounts: Pick<MountPlan, "own">;
  moved: readonly MovedNetwork[];
}

/** Notes on these differences, in the order in which a reader would ask for them. */
export function stackNotesOf(model: ComposeModel, differences: StackDifferences): MountNote[] {
  const { services, unavailable, stoodFor, mounts, moved } = differences;
  const { started, needs, without } = services;
  const needed = started.flatMap((service): MountNote[] => {
    const need = needs.get(service);
    return need?.code === "named-host"
      ? [{ code: "service-needed", service, by: need.by, where: need.where }]
      : [];
  });
  const isCopied = (name: string) => mounts.own.some(({ source }) => source === name);
  return [
    ...needed,
    ...[...new Set(without)].map(
      (service): MountNote => ({
        code: "service-left-out",
        service,
        why: service === stoodFor ? "the run's load stands in its place" : (unavailable.get(service) ?? null),
      }),
    ),
    ...externalNetworks(model, started).map(
      (network): MountNote => ({ code: "private-network", network, name: model.networks[network]!.name }),
    ),
    ...externalVolumes(model, started)
      .map((volume) => ({ volume, name: model.volumes[volume]!.name }))
      .filter(({ name }) => !isCopied(name))
      .map(({ volume, name }): MountNote => ({ code: "private-volume", volume, name })),
    ...moved.map(({ network, from, to }): MountNote => ({ code: "subnet-moved", network, from, to })),
  ];
}
