import type Docker from "dockerode";
import pRetry from "p-retry";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { hangsWhenContainersEndAtOnce } from "./engine-defects.ts";

/** The label of everything in a Compose project. */
export const projectLabel = "com.docker.compose.project";
/** The label of a container with the name of its service. */
export const serviceLabel = "com.docker.compose.service";
export const projectPrefix = "everyline-";
const networkRetries = 20;
const networkRetryMs = 500;

/** The Compose project of a run; every container, network and volume of it carries this name as a label. */
export function projectName(runId: string): string {
  return projectPrefix + runId;
}

/** The run that a Compose project belongs to; undefined if it is not one of Everyline's. */
export function runIdOf(project: string): string | undefined {
  return project.startsWith(projectPrefix) ? project.slice(projectPrefix.length) : undefined;
}

/** Every Compose project of Everyline that still has a container, a network or a volume in the engine. */
export async function listProjects(docker: Docker): Promise<string[]> {
  const filters = { label: [projectLabel] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const labels = [...containers, ...networks, ...(volumes ?? [])].map(
    (thing) => thing.Labels?.[projectLabel],
  );
  return [...new Set(labels)].filter(
    (project): project is string => project?.startsWith(projectPrefix) ?? false,
  );
}

/** How many objects of a project were removed. */
export interface Removed {
  containers: number;
  networks: number;
  volumes: number;
}

/**
 * Removes everything of a Compose project by its label: containers (killed if necessary), then networks, images and volumes. It needs
 * neither the Compose file nor a stack that started completely, so a run, Ctrl-C and `everyline clean` all end here.
 *
 * @throws UnavailableError if the engine does not remove a network, when everything else was removed
 */
export async function removeProject(docker: Docker, project: string): Promise<Removed> {
  const filters = { label: [`${projectLabel}=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await removeContainers(
    docker,
    containers.map(({ Id }) => Id),
  );
  const networks = await docker.listNetworks({ filters });
  const removals = await Promise.allSettled(networks.map(({ Id }) => removeNetwork(docker, Id)));
  await removeBuiltImages(docker, project);
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(({ Name }) => ignoreGone(docker.getVolume(Name).remove())));
  const failed = removals.find((removal) => removal.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { containers: containers.length, networks: networks.length, volumes: volumes?.length ?? 0 };
}

/** All at once, unless the engine could hang of that. */
async function removeContainers(docker: Docker, ids: readonly string[]): Promise<void> {
  const remove = (id: string) => ignoreGone(docker.getContainer(id).remove({ force: true, v: true }));
  const { Version: version } = await docker.version();
  if (hangsWhenContainersEndAtOnce(version)) for (const id of ids) await remove(id);
  else await Promise.all(ids.map(remove));
}

/** Compose labels the images that it builds with the project; one that something else uses by now is kept. */
async function removeBuiltImages(docker: Docker, project: string): Promise<void> {
  const images = await docker.listImages({ filters: { label: [`${projectLabel}=${project}`] } });
  await Promise.all(images.map(({ Id }) => ignoreGone(docker.getImage(Id).remove())));
}

/** A removed container may still be attached to its networks for a moment; until it is detached, the engine answers 403. */
async function removeNetwork(docker: Docker, id: string): Promise<void> {
  try {
    await pRetry(() => ignoreGone(docker.getNetwork(id).remove()), {
      retries: networkRetries,
      minTimeout: networkRetryMs,
      factor: 1,
      shouldRetry: ({ error }) => isAttached(error),
    });
  } catch (thrown) {
    if (!isAttached(thrown)) throw thrown;
    throw new UnavailableError(
      `the engine does not remove a network, as if a container that is gone were still attached: ${messageOf(thrown).trim()}. Restart the engine, and run \`everyline clean\`.`,
    );
  }
}

function isAttached(thrown: unknown): boolean {
  return (thrown as { statusCode?: number }).statusCode === 403;
}

/** Another process may remove the same object: 404 means removed, 409 being removed. */
async function ignoreGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (thrown) {
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw thrown;
  }
}
