import { Document, Scalar } from "yaml";
import type { ComposeModel } from "./compose-model.ts";
import { isAddressed, type MovedNetwork } from "./subnets.ts";

/** What is mounted at a path of a service's container instead of what the Compose file says. */
export interface OtherMount {
  service: string;
  target: string;
  readOnly: boolean;
  /** `folder`: a volume of the run's, by its key. `file`: a file of the engine's machine, or a folder that is mounted as it is. */
  kind: "folder" | "file";
  source: string;
}

/** The differences between what a run needs and what a Compose file says. */
export interface Changes {
  /** The services that are started; the others do not matter. */
  started: readonly string[];
  /**
   * The shipper's service, where it finds the log files, and the folder or the file on this machine that is mounted there; none if it reads the
   * stdout of containers.
   */
  shipper: { service: string; logsPath: string; logs: string | undefined };
  /** By service, the ports of its container that must be reachable from this machine. */
  reached: ReadonlyMap<string, readonly number[]>;
  /** By service, the image to run. */
  images: ReadonlyMap<string, string>;
  /** The mounts that replace the user's files which a container may write into. */
  mounts: readonly OtherMount[];
  /** Networks with fixed addresses whose subnets this machine has already, and where they are in the run. */
  moved: readonly MovedNetwork[];
  /** Explanations of these mounts for the reader of the file, a line each. */
  notes: readonly string[];
}

/** A fixed name of a bridge is already in use if the user's own stack is up. */
const bridgeName = "com.docker.network.bridge.name";

/**
 * A Compose file that overrides another one such that any number of runs can coexist with the user's own stack: no fixed names, no fixed
 * ports, nothing that is shared with other stacks, no logs sent elsewhere, and no writes to the user's files. What a started service
 * depends on and is not started is omitted from `depends_on`.
 */
export function composeOverride(model: ComposeModel, changes: Changes): string {
  const volumes = changes.mounts.filter(({ kind }) => kind === "folder").map(({ source }) => source);
  const document = new Document({
    services: Object.fromEntries(changes.started.map((name) => [name, serviceChanges(name, model, changes)])),
    volumes: {
      ...namesReset(model.volumes, model.name),
      ...madePrivate(externalVolumes(model, changes.started)),
      ...Object.fromEntries([...new Set(volumes)].map((source) => [source, {}])),
    },
    networks: {
      ...networkChanges(model, changes),
      ...madePrivate(externalNetworks(model, changes.started)),
    },
  });
  const comment = [
    "What Everyline has changed of the Compose file beside it, for one run.",
    ...changes.notes,
  ];
  document.commentBefore = comment.map((line) => ` ${line}`).join("\n");
  return document.toString();
}

/** The external volumes that some services use, by their names in the Compose file. */
export function externalVolumes({ services, volumes }: ComposeModel, used: readonly string[]): string[] {
  const keys = used.flatMap((name) =>
    services[name]!.volumes.flatMap(({ type, source }) => (type === "volume" && source ? [source] : [])),
  );
  return [...new Set(keys)].filter((key) => volumes[key]?.external);
}

/** The external networks that some services use, by their names in the Compose file. */
export function externalNetworks({ services, networks }: ComposeModel, used: readonly string[]): string[] {
  const keys = used.flatMap((name) => Object.keys(services[name]!.networks));
  return [...new Set(keys)].filter((key) => networks[key]?.external);
}

/** A volume or network of the run's own in place of an external one. */
function madePrivate(keys: readonly string[]): Record<string, object> {
  return Object.fromEntries(keys.map((key) => [key, { external: false, name: tagged("!reset", null) }]));
}

function serviceChanges(name: string, model: ComposeModel, changes: Changes) {
  const { shipper, reached, images, mounts, started } = changes;
  const service = model.services[name]!;
  // A container that shares another's network has no ports of its own to publish.
  const hasPorts = !/^(service:|none$)/.test(service.network_mode ?? "");
  const ports = hasPorts ? (reached.get(name) ?? []) : [];
  const volumes = [
    ...mounts.filter((mount) => mount.service === name).map(mountOf),
    ...(name === shipper.service && shipper.logs !== undefined
      ? [{ type: "bind", source: shipper.logs, target: shipper.logsPath, read_only: true }]
      : []),
  ];
  return {
    ...(images.has(name) && { image: images.get(name) }),
    ...(service.container_name !== undefined && { container_name: tagged("!reset", null) }),
    ...networksOf(name, model, changes),
    ...dependencies(service.depends_on, started),
    ...((service.ports.length > 0 || ports.length > 0) && {
      ports: tagged(
        "!override",
        ports.map((port) => `127.0.0.1::${port}`),
      ),
    }),
    // Logs of a run's containers are read from the engine, and must not reach the user's own log collector.
    logging: tagged("!override", { driver: "json-file" }),
    ...(volumes.length > 0 && { volumes }),
  };
}

/** Other containers also reach a container by its fixed name, in every network that they share with it. */
function networksOf(name: string, { services }: ComposeModel, { moved }: Changes) {
  const { container_name: alias, networks } = services[name]!;
  const changed = Object.keys(networks).flatMap((network) => {
    const address = moved.find((each) => each.network === network)?.addresses.get(name);
    if (alias === undefined && address === undefined) return [];
    const change = {
      ...(alias !== undefined && { aliases: [alias] }),
      ...(address !== undefined && { ipv4_address: address }),
    };
    return [[network, change] as const];
  });
  return changed.length === 0 ? {} : { networks: Object.fromEntries(changed) };
}

/** Compose refuses to start a service that depends on one which is not started. */
function dependencies(depends: Record<string, unknown>, started: readonly string[]) {
  const kept = Object.entries(depends).filter(([other]) => started.includes(other));
  if (kept.length === Object.keys(depends).length) return {};
  return { depends_on: tagged("!override", Object.fromEntries(kept)) };
}

function mountOf({ kind, source, target, readOnly }: OtherMount) {
  const common = { source, target, ...(readOnly && { read_only: true }) };
  // Not filled from the image: the volume gets the user's content and nothing else.
  return kind === "folder"
    ? { type: "volume", ...common, volume: { nocopy: true } }
    : { type: "bind", ...common };
}

/** A volume or network with a fixed name would be shared by everything that uses the name. */
function namesReset(named: ComposeModel["volumes"], project: string): Record<string, object> {
  const fixed = Object.entries(named).filter(
    ([key, { name, external }]) => !external && name !== `${project}_${key}`,
  );
  return Object.fromEntries(fixed.map(([key]) => [key, { name: tagged("!reset", null) }]));
}

/** Fixed subnets are in use if the user's own stack is up; they are kept or moved only if containers have fixed addresses in them. */
function networkChanges(model: ComposeModel, { started, moved }: Changes): Record<string, object> {
  const names = namesReset(model.networks, model.name);
  const changed = Object.entries(model.networks).map(([key, { external, ipam, driver_opts: options }]) => {
    const hasSubnet = (ipam?.config?.length ?? 0) > 0 && !isAddressed(model, key, started);
    const to = moved.find(({ network }) => network === key)?.to;
    return [
      key,
      {
        ...names[key],
        ...(!external && hasSubnet && { ipam: tagged("!reset", null) }),
        ...(to !== undefined && { ipam: tagged("!override", { config: [{ subnet: to }] }) }),
        ...(!external &&
          options?.[bridgeName] !== undefined && {
            driver_opts: { [bridgeName]: tagged("!reset", null) },
          }),
      },
    ] as const;
  });
  return Object.fromEntries(changed.filter(([, change]) => Object.keys(change).length > 0));
}

function tagged(tag: "!reset" | "!override", value: unknown) {
  const node = value === null ? new Scalar(null) : new Document().createNode(value, { flow: true });
  node.tag = tag;
  return node;
}
