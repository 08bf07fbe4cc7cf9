import type Docker from "dockerode";
import pRetry from "p-retry";

/** What everything of a Compose project is labelled with. */
export const projectLabel = "com.docker.compose.project";
/** What a container is labelled with, that of the service which it runs as. */
export const serviceLabel = "com.docker.compose.service";
export const projectPrefix = "everyline-";
const networkRetries = 20;
const networkRetryMs = 500;

/** The Compose project of a run; every container, network and volume of it carries this name as a label. */
export function projectName(runId: string): string {
  return projectPrefix + runId;
}

/** The run that a Compose project belongs to; undefined if it is none of Everyline's. */
export function runIdOf(project: string): string | undefined {
  return project.startsWith(projectPrefix) ? project.slice(projectPrefix.length) : undefined;
}

/** Every Compose project of Everyline of which the engine still has a container, a network or a volume. */
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

/** How many things of a project were removed. */
export interface Removed {
  containers: number;
  networks: number;
  volumes: number;
}

/**
 * Removes everything of a Compose project by its label: containers (killed if need be), then networks and volumes. Needs
 * neither the Compose file nor a stack that ever came up whole, so a run, Ctrl-C and `everyline clean` all end here.
 */
export async function removeProject(docker: Docker, project: string): Promise<Removed> {
  const filters = { label: [`${projectLabel}=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) => ignoreGone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => removeNetwork(docker, Id)));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(({ Name }) => ignoreGone(docker.getVolume(Name).remove())));
  return { containers: containers.length, networks: networks.length, volumes: volumes?.length ?? 0 };
}

/** A container that is gone, or going, may still be taken from its networks: the engine answers 403 until that is done. */
async function removeNetwork(docker: Docker, id: string): Promise<void> {
  await pRetry(() => ignoreGone(docker.getNetwork(id).remove()), {
    retries: networkRetries,
    minTimeout: networkRetryMs,
    factor: 1,
    shouldRetry: ({ error }) => (error as { statusCode?: number }).statusCode === 403,
  });
}

/** Somebody else may be removing the same: 404 is gone, 409 is being removed. */
async function ignoreGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (thrown) {
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw thrown;
  }
}
