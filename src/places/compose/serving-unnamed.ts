import type Docker from "dockerode";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { sinkProductOf } from "../../products/known-sinks.ts";
import { isWithin } from "./configuration-path.ts";
import { projectLabel, serviceLabel } from "./project.ts";
import { unnamedSink } from "./unnamed-sink.ts";

const oneOffLabel = "com.docker.compose.oneoff";

/**
 * Searches the running containers for one that works as the sink or as the shipper, belongs to a service that the configuration does not
 * name, and has an image whose name does not show it, because it was built or tagged under another name. A fault would leave it running.
 *
 * @returns an error message with a remedy; undefined if there is no such container
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
  const { kind } = pipeline.sink;
  const product = sinkProductOf(kind);
  const sink = product && others.find(({ Command: command }) => product.program.test(command));
  if (sink !== undefined) {
    const service = sink.Labels[serviceLabel]!;
    return unnamedSink({
      kind,
      service,
      runs: `${product!.name} (${sink.Image})`,
      services: [...servicesOf(pipeline, "sink"), service],
    });
  }
  const shippers = servicesOf(pipeline, "shipper");
  const shipper = running.find(({ Labels: labels }) => shippers.includes(labels[serviceLabel] ?? ""));
  const twin = others.find((other) => shipper !== undefined && shipsTheSame(shipper, other, logsPath));
  return (
    twin &&
    `the service ${twin.Labels[serviceLabel]} (${twin.Image}) runs what the shipper ${shippers.join(", ")} runs and reads the same log files, ` +
      "so it would continue while the shipper is broken; remove one of them, or make it one service with deploy.replicas."
  );
}

/** Whether two containers run the same program and both mount the folder of this machine in which the first has its log files. */
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
