import { Document, Scalar } from "yaml";
import type { ComposeModel } from "./compose-model.ts";

/** What stands at a path of a service's container instead of what the Compose file says. */
export interface OtherMount {
  service: string;
  target: string;
  readOnly: boolean;
  /** `folder`: a volume of the run's, by its key. `file`: a file of this machine. */
  kind: "folder" | "file";
  source: string;
}

/** What a run needs otherwise than a Compose file has it. */
export interface Changes {
  /** The services that are started; the others are nobody's concern. */
  started: readonly string[];
  /** The service that ships, where it finds the log files, and the folder on this machine that is to stand there. */
  shipper: { service: string; logsPath: string; logsFolder: string };
  /** By service, the ports of its container that are to be reached from this machine. */
  reached: ReadonlyMap<string, readonly number[]>;
  /** By service, the image that is to be run. */
  images: ReadonlyMap<string, string>;
  /** Instead of what is the user's and a container may write into. */
  mounts: readonly OtherMount[];
  /** What the reader of the file is to know of these mounts, a line each. */
  notes: readonly string[];
}

/** A fixed name of a bridge would be taken already where the user's own stack is up. */
const bridgeName = "com.docker.network.bridge.name";

/**
 * A Compose file that changes another one such that any number of runs can stand beside what it was written for: no fixed names, no fixed
 * ports, no logs sent elsewhere, nothing of the user's that is written to.
 */
export function composeOverride(model: ComposeModel, changes: Changes): string {
  const volumes = changes.mounts.filter(({ kind }) => kind === "folder").map(({ source }) => source);
  const document = new Document({
    services: Object.fromEntries(changes.started.map((name) => [name, serviceChanges(name, model, changes)])),
    volumes: {
      ...namesReset(model.volumes, model.name),
      ...Object.fromEntries([...new Set(volumes)].map((source) => [source, {}])),
    },
    networks: networkChanges(model, changes.started),
  });
  const comment = [
    "What Everyline has changed of the Compose file beside it, for one run.",
    ...changes.notes,
  ];
  document.commentBefore = comment.map((line) => ` ${line}`).join("\n");
  return document.toString();
}

function serviceChanges(name: string, model: ComposeModel, { shipper, reached, images, mounts }: Changes) {
  const service = model.services[name]!;
  // One that shares another's network has no ports of its own to be published.
  const hasPorts = !/^(service:|none$)/.test(service.network_mode ?? "");
  const ports = hasPorts ? (reached.get(name) ?? []) : [];
  const volumes = [
    ...mounts.filter((mount) => mount.service === name).map(mountOf),
    ...(name === shipper.service
      ? [{ type: "bind", source: shipper.logsFolder, target: shipper.logsPath, read_only: true }]
      : []),
  ];
  return {
    ...(images.has(name) && { image: images.get(name) }),
    ...(service.container_name !== undefined && {
      container_name: tagged("!reset", null),
      ...aliases(service.container_name, Object.keys(service.networks)),
    }),
    ...((service.ports.length > 0 || ports.length > 0) && {
      ports: tagged(
        "!override",
        ports.map((port) => `127.0.0.1::${port}`),
      ),
    }),
    // What a run's containers say is read from them, and is not for whoever collects the logs of the user's own.
    logging: tagged("!override", { driver: "json-file" }),
    ...(volumes.length > 0 && { volumes }),
  };
}

/** The others know a container by its fixed name, too, wherever they share a network with it. */
function aliases(name: string, networks: string[]) {
  if (networks.length === 0) return {};
  return { networks: Object.fromEntries(networks.map((network) => [network, { aliases: [name] }])) };
}

function mountOf({ kind, source, target, readOnly }: OtherMount) {
  const common = { source, target, ...(readOnly && { read_only: true }) };
  // Not filled from the image: what the user has there is put into it, and nothing else.
  return kind === "folder"
    ? { type: "volume", ...common, volume: { nocopy: true } }
    : { type: "bind", ...common };
}

/** A volume or network with a name of its own would be shared by all that use the name. */
function namesReset(named: ComposeModel["volumes"], project: string): Record<string, object> {
  const fixed = Object.entries(named).filter(
    ([key, { name, external }]) => !external && name !== `${project}_${key}`,
  );
  return Object.fromEntries(fixed.map(([key]) => [key, { name: tagged("!reset", null) }]));
}

/** Fixed subnets are taken where the user's own stack is up; they are kept only where containers have fixed addresses in them. */
function networkChanges(model: ComposeModel, started: readonly string[]): Record<string, object> {
  const addressed = new Set(
    started.flatMap((name) =>
      Object.entries(model.services[name]!.networks).flatMap(([network, endpoint]) =>
        endpoint?.ipv4_address || endpoint?.ipv6_address ? [network] : [],
      ),
    ),
  );
  const names = namesReset(model.networks, model.name);
  const changed = Object.entries(model.networks).map(([key, { external, ipam, driver_opts: options }]) => {
    const hasSubnet = (ipam?.config?.length ?? 0) > 0 && !addressed.has(key);
    return [
      key,
      {
        ...names[key],
        ...(!external && hasSubnet && { ipam: tagged("!reset", null) }),
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
