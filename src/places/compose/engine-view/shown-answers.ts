import { z } from "zod";
import type { ShownContainer } from "../../../pipeline/shown-load.ts";

/** A container of a load, as a stand-in for the engine shows it. */
export interface Shown extends ShownContainer {
  /** The engine's id of the container. */
  id: string;
}

type Answer = Record<string, unknown>;

const networksSchema = z.object({ Networks: z.record(z.string(), z.unknown()).default({}) });
const eventSchema = z.object({
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
});

/** An entry of the engine's list of containers, under the name, labels and image that are shown. */
export function shownEntry(entry: Answer, shown: Shown): Answer {
  return {
    ...entry,
    Names: [`/${shown.name}`],
    Image: shown.image,
    Labels: shown.labels,
    Ports: [],
    Mounts: [],
    HostConfig: { NetworkMode: shown.network },
    NetworkSettings: shownNetworks(entry.NetworkSettings, shown),
  };
}

/** The engine's description of a container. Its mounts and its environment are those of the program that writes the load, and not shown. */
export function shownInspection(found: Answer, shown: Shown): Answer {
  const { Config: config, HostConfig: host, ...rest } = found as Record<string, Answer>;
  return {
    ...rest,
    Name: `/${shown.name}`,
    Mounts: [],
    Config: { ...config, Image: shown.image, Labels: shown.labels, Env: [] },
    HostConfig: { ...host, NetworkMode: shown.network, Binds: [], PortBindings: {} },
    NetworkSettings: { ...rest.NetworkSettings, ...shownNetworks(rest.NetworkSettings, shown), Ports: {} },
  };
}

/** Containers of a load are in the engine's default network, and are shown in one of the user's. */
function shownNetworks(settings: unknown, { network }: Shown): { Networks: Record<string, unknown> } {
  const [endpoint = {}] = Object.values(networksSchema.parse(settings ?? {}).Networks);
  return { Networks: { [network]: endpoint } };
}

/** An event of a container; undefined if it is not of one that is shown. */
export function shownEvent(event: unknown, all: readonly Shown[]): Answer | undefined {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return undefined;
  const { Actor: actor } = parsed.data;
  const shown = all.find(({ id }) => id === actor.ID);
  if (shown === undefined) return undefined;
  const { exitCode, signal } = actor.Attributes;
  const attributes = {
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
    ...shown.labels,
    image: shown.image,
    name: shown.name,
  };
  return { ...(event as Answer), from: shown.image, Actor: { ID: shown.id, Attributes: attributes } };
}

/** The network in which the containers of a load are, under the name that is shown. */
export function shownNetwork(found: Answer, { network, labels }: Shown): Answer {
  const project = "com.docker.compose.project";
  return {
    ...found,
    Name: network,
    Labels: { [project]: labels[project] ?? "", "com.docker.compose.network": network.split("_").at(-1)! },
    Containers: {},
  };
}
