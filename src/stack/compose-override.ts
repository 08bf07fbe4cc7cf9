import { Document, Scalar } from "yaml";
import { UsageError } from "../errors.ts";
import type { ComposeModel } from "./compose-model.ts";

/** What a run needs otherwise than a Compose file has it. */
export interface Changes {
  /** The service that ships, where it finds the log files, and the folder on this machine that is to stand there. */
  shipper: { service: string; logsPath: string; logsFolder: string };
  /** By service, the ports of its container that are to be reached from this machine. */
  reached: ReadonlyMap<string, readonly number[]>;
  /** By service, the image that is to be run. */
  images: ReadonlyMap<string, string>;
  /** Folders of this machine that a container may write into: a run gets empty volumes there. */
  writable: readonly { service: string; target: string }[];
}

const volumePrefix = "everyline-data";

/**
 * A Compose file that changes another one such that any number of runs can stand beside what it was written for: no fixed names, no fixed
 * ports, nothing of the user's that is written to.
 *
 * @throws UsageError if the stack has what two of it cannot both have
 */
export function composeOverride(model: ComposeModel, changes: Changes): string {
  assertOwn(model);
  const names = Object.keys(model.services);
  const volumes = changes.writable.map((place, index) => ({
    ...place,
    source: `${volumePrefix}-${index + 1}`,
  }));
  const document = new Document({
    services: Object.fromEntries(names.map((name) => [name, serviceChanges(name, model, changes, volumes)])),
    volumes: {
      ...namesReset(model.volumes, model.name),
      ...Object.fromEntries(volumes.map(({ source }) => [source, {}])),
    },
    networks: namesReset(model.networks, model.name),
  });
  document.commentBefore = " What Everyline has changed of the Compose file beside it, for one run.";
  return document.toString();
}

function serviceChanges(
  name: string,
  model: ComposeModel,
  { shipper, reached, images }: Changes,
  volumes: { service: string; target: string; source: string }[],
) {
  const service = model.services[name]!;
  const ports = reached.get(name) ?? [];
  const mounts = [
    ...volumes
      .filter((volume) => volume.service === name)
      .map(({ target, source }) => ({ type: "volume", source, target })),
    ...(name === shipper.service
      ? [{ type: "bind", source: shipper.logsFolder, target: shipper.logsPath, read_only: true }]
      : []),
  ];
  return {
    ...(images.has(name) && { image: images.get(name) }),
    ...(service.container_name !== undefined && { container_name: tagged("!reset", null) }),
    ...((service.ports.length > 0 || ports.length > 0) && {
      ports: tagged(
        "!override",
        ports.map((port) => `127.0.0.1::${port}`),
      ),
    }),
    ...(mounts.length > 0 && { volumes: mounts }),
  };
}

/** A volume or network with a name of its own would be shared by all that use the name. */
function namesReset(named: ComposeModel["volumes"], project: string): Record<string, object> {
  const fixed = Object.entries(named).filter(([key, { name }]) => name !== `${project}_${key}`);
  return Object.fromEntries(fixed.map(([key]) => [key, { name: tagged("!reset", null) }]));
}

function tagged(tag: "!reset" | "!override", value: unknown) {
  const node = value === null ? new Scalar(null) : new Document().createNode(value, { flow: true });
  node.tag = tag;
  return node;
}

function assertOwn({ services, volumes, networks }: ComposeModel): void {
  const external = [...Object.entries(volumes), ...Object.entries(networks)].find(
    ([, { external }]) => external,
  );
  const onHost = Object.entries(services).find(([, { network_mode }]) => network_mode === "host");
  const why = external
    ? `${external[0]} is external, so a run would share it with whoever else uses it`
    : onHost && `${onHost[0]} uses the network of the host, so a run would take its ports`;
  if (why === undefined) return;
  throw new UsageError(
    `no stack of its own can be started: ${why}. Attach to one that is up, with --project NAME.`,
  );
}
