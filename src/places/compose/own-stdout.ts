import { UsageError } from "../../base/errors.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import type { OwnStdout, ShownLoad } from "../../pipeline/shown-load.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { containersAt, socketAt } from "./engine-mounts.ts";

/** The name of the load's service if the configuration names none. */
const defaultService = "app";
const defaultSocket = "/var/run/docker.sock";
const jsonFile = "json-file";

/** How a shipper reaches the stdout of containers, and where in its container. */
interface StdoutAccess {
  by: OwnStdout["by"];
  path: string;
}

/**
 * How the shipper of a custom pipeline reads the stdout of containers, and how those of a load appear to it.
 *
 * @throws UsageError if it has access to neither the engine's folder nor the engine, or if the stdout of the service is not stored there
 */
export function ownStdout(
  config: Pick<OwnConfig, "file" | "source" | "shipper">,
  model: ComposeModel,
): (OwnStdout & { path: string }) | undefined {
  const { file, source, shipper } = config;
  if (source.stdout === undefined) return undefined;
  const access = accessOf(model, shipper.service);
  if (access === undefined)
    throw new UsageError(
      `${file}: source.stdout says that ${shipper.service} reads the stdout of containers, but it mounts neither /var/lib/docker/containers ` +
        `nor ${defaultSocket}. Mount what it reads there in the Compose file; if it reads log files, name their folder as source.folder.`,
    );
  const { service, labels } = source.stdout;
  const { driver = jsonFile } = (service && model.services[service]?.logging) || {};
  if (access.by === "files" && driver !== jsonFile)
    throw new UsageError(
      `${file}: source.stdout.service names ${service}, whose \`logging\` has the driver ${driver}: the engine does not write its stdout ` +
        `into the json-files that ${shipper.service} reads.`,
    );
  return { ...access, shown: { ...shownAs(model, service), labels: labelsOf(model, service, labels) } };
}

/** A folder comes first: only there can be seen how much of its files was read. */
function accessOf({ services }: ComposeModel, shipper: string): StdoutAccess | undefined {
  const { volumes, environment } = services[shipper]!;
  const [folder] = volumes.flatMap((mount) => containersAt(mount) ?? []);
  if (folder !== undefined) return { by: "files", path: folder };
  const [socket] = volumes.flatMap((mount) => socketAt(mount) ?? []);
  if (socket !== undefined) return { by: "api", path: socket };
  const isByProxy = environment.DOCKER_HOST?.startsWith("tcp://") || hasProxy(services, shipper);
  return isByProxy ? { by: "api", path: defaultSocket } : undefined;
}

/** Whether another service has the engine's socket, and passes on what the shipper asks. */
function hasProxy(services: ComposeModel["services"], shipper: string): boolean {
  return Object.entries(services).some(
    ([name, { volumes, image = "" }]) =>
      name !== shipper && /socket-?proxy/i.test(image) && volumes.some((mount) => socketAt(mount)),
  );
}

function shownAs(model: ComposeModel, name: string | undefined): Omit<ShownLoad, "labels"> {
  const service: Partial<ComposeService> = (name && model.services[name]) || {};
  const { image, container_name: fixed, networks = {}, logging, environment = {} } = service;
  const [network = "default"] = Object.keys(networks);
  const whole = `${model.name}-${name ?? defaultService}`;
  return {
    name: fixed ?? whole,
    isNameFixed: fixed !== undefined,
    image: image ?? whole,
    network: model.networks[network]?.name ?? `${model.name}_${network}`,
    logOptions: logging?.options ?? {},
    environment: Object.fromEntries(
      Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
  };
}

/** The labels that Compose would give the service's container, and those of the Compose file and of the configuration. */
function labelsOf(
  { name: project, services }: ComposeModel,
  service: string | undefined,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...(service && services[service]?.labels),
    "com.docker.compose.project": project,
    "com.docker.compose.service": service ?? defaultService,
    "com.docker.compose.oneoff": "False",
    ...labels,
  };
}
