import type Docker from "dockerode";
import { UsageError } from "../../base/errors.ts";
import { allPartsOf, type OwnDeployment, type Pipeline } from "../../pipeline/pipeline.ts";
import type { FoundStack } from "../place.ts";
import { publishedAt } from "./container.ts";
import { containersOf } from "./instances.ts";
import { manyBrokers } from "./own-pipeline.ts";
import { servesUnnamed } from "./serving-unnamed.ts";
import { attachedLogsFolder } from "./start-own.ts";

/**
 * Refuses a running stack whose sink cannot be asked from this machine: a running container cannot be given another port.
 *
 * @throws UsageError naming the port and what to do
 */
async function assertReachable(
  docker: Docker,
  pipeline: Pipeline,
  { project, configFile }: OwnDeployment & { project: string },
): Promise<void> {
  const { sink } = pipeline;
  if (sink.kind === "file" || sink.access?.url !== undefined) return;
  const port = allPartsOf(pipeline).find(({ services }) => sink.reader in services)?.port;
  const readers = (await containersOf(docker, project, sink.reader)).filter(({ isUp }) => isUp);
  if (port === undefined || readers.length === 0) return;
  for (const { id } of readers) if ((await publishedAt(docker.getContainer(id), [port])).size > 0) return;
  throw new UsageError(
    `in the Compose project ${project}, port ${port} of ${sink.reader} is not published on this machine, so nothing could be read back. ` +
      `Publish it (\`ports: ["127.0.0.1::${port}"]\` in its Compose file, then \`docker compose up -d\`), or set ${sink.kind}.url in ` +
      `${configFile} to an address at which this machine reaches it. Without --project, a run starts a stack of its own and needs neither.`,
  );
}

/**
 * Inspects a running stack before anything is written into it.
 *
 * @throws UsageError if a service that no part of the pipeline names does the work of a part, so that a fault would leave it running
 * @throws UnavailableError if the stack does not run, or its log files are not on this machine
 */
export async function findStack(
  docker: Docker,
  pipeline: Pipeline,
  deployment: OwnDeployment & { project: string },
): Promise<FoundStack> {
  const countOf = async (service: string) =>
    (await containersOf(docker, deployment.project, service)).filter(({ isUp }) => isUp).length;
  for (const [service, why] of deployment.unnamed)
    if ((await countOf(service)) > 0)
      throw new UsageError(`in the Compose project ${deployment.project}: ${why}`);
  const unnamed = await servesUnnamed(docker, deployment.project, pipeline, deployment);
  if (unnamed !== undefined) throw new UsageError(`in the Compose project ${deployment.project}: ${unnamed}`);
  const services = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
  const counts = services.map(async (service) => [service, await countOf(service)] as const);
  const replicas = new Map(await Promise.all(counts));
  await assertReachable(docker, pipeline, deployment);
  for (const broker of Object.keys(pipeline.kafka?.services ?? {})) {
    const count = replicas.get(broker) ?? 1;
    if (count > 1) throw manyBrokers(broker, count);
  }
  return {
    pipeline: { ...pipeline, deployment: { ...deployment, replicas } },
    logsFolder: await attachedLogsFolder(docker, pipeline, deployment),
  };
}
