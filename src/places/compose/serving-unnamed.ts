import type Docker from "dockerode";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { isWithin } from "./configuration-path.ts";
import { projectLabel, serviceLabel } from "./project.ts";

const oneOffLabel = "com.docker.compose.oneoff";
/** Loki as the program of a container, or as the program that a shell or an init starts there. */
const lokiProgram = /^(\S*\/)?loki(\s|$)|\s\/(\S*\/)?bin\/loki(\s|$)/;

/**
 * Searches the running containers for one that works as Loki or as the shipper, belongs to a service that the configuration does not
 * name, and has an image whose name does not show it, because it was built or tagged under another name. A fault would leave it running.
 *
 * @returns what is wrong and what to do about it; undefined if there is none
 */
export async function servesUnnamed(
  docker: Docker,
  project: string,
  pipeline: Pipeline,
  { logsPath }: Pick<OwnDeployment, "logsPath">,
): Promise<string | undefined> {
  const named = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
  const running = await docker.listContainers({ filters: { label: [`${projectLabel}=${project}`] } });
  const others = running.filter(
    ({ Labels: labels }) => labels[oneOffLabel] !== "True" && !named.includes(labels[serviceLabel] ?? ""),
  );
  const loki = others.find(({ Command: command }) => runsLoki(command));
  if (loki !== undefined) {
    const name = loki.Labels[serviceLabel];
    return (
      `the service ${name} runs Loki (${loki.Image}) and is not among Loki's services, so that it would go on when Loki is broken; ` +
      `write loki.services: [${[...servicesOf(pipeline, "sink"), name].join(", ")}], with every other one that is Loki's.`
    );
  }
  const shippers = servicesOf(pipeline, "shipper");
  const shipper = running.find(({ Labels: labels }) => shippers.includes(labels[serviceLabel] ?? ""));
  const twin = others.find((other) => shipper !== undefined && shipsTheSame(shipper, other, logsPath));
  return (
    twin &&
    `the service ${twin.Labels[serviceLabel]} (${twin.Image}) runs what the shipper ${shippers.join(", ")} runs and reads the same log files, ` +
      "so that it would go on when the shipper is broken; leave one of them away, or make it one service with deploy.replicas."
  );
}

/** Whether two containers run the same program and mount the same folder of this machine where the first has the log files. */
function shipsTheSame(one: Docker.ContainerInfo, other: Docker.ContainerInfo, logsPath: string): boolean {
  const programOf = ({ Command: command }: Docker.ContainerInfo) => command.split(" ")[0];
  if (programOf(one) !== programOf(other)) return false;
  const [logs] = one.Mounts.filter((mount) => isWithin(logsPath, mount.Destination)).sort(
    (first, second) => second.Destination.length - first.Destination.length,
  );
  if (logs === undefined) return false;
  return other.Mounts.some(
    ({ Source: source }) => isWithin(source, logs.Source) || isWithin(logs.Source, source),
  );
}

/** Whether the command line of a container starts Loki; a host or a folder of that name does not count. */
export function runsLoki(command: string): boolean {
  return lokiProgram.test(command);
}
