import type Docker from "dockerode";
import { UsageError } from "../../base/errors.ts";
import type { ComposeModel } from "./compose-model.ts";
import type { OwnMount } from "./own-mounts.ts";
import { projectLabel, projectPrefix } from "./project.ts";

const folderLabel = "com.docker.compose.project.working_dir";

/**
 * Leaves out volumes that the user's project does not have yet. They are filled from the image, as they would be for the user.
 *
 * @param folder where the Compose file is
 * @throws UsageError if another project of the same folder has such a volume, as after `docker compose -p NAME up`
 */
export async function withoutMissing(
  docker: Docker,
  mounts: OwnMount[],
  model: ComposeModel,
  folder: string,
): Promise<OwnMount[]> {
  const { Volumes: volumes } = await docker.listVolumes();
  const names = new Set((volumes ?? []).map(({ Name }) => Name));
  const missing = mounts.filter(({ kind, source }) => kind === "volume" && !names.has(source));
  if (missing.length === 0) return mounts;
  const projects = await projectsOf(docker, folder);
  for (const { source, places } of missing) {
    const key = Object.keys(model.volumes).find((each) => model.volumes[each]!.name === source)!;
    const other = projects.find((project) => names.has(`${project}_${key}`));
    if (other === undefined) continue;
    const { service, target } = places[0]!;
    throw new UsageError(
      `the volume ${key}, which ${service} mounts at ${target}, exists for the Compose project ${other} but not for ${model.name}, so a ` +
        `run would begin with the content of the image. Name the project to use: COMPOSE_PROJECT_NAME=${other} everyline run …`,
    );
  }
  return mounts.filter((mount) => !missing.includes(mount));
}

/** The user's projects whose containers were created from the Compose file of a folder. */
async function projectsOf(docker: Docker, folder: string): Promise<string[]> {
  const label = [`${folderLabel}=${folder}`];
  const containers = await docker.listContainers({ all: true, filters: { label } });
  const projects = containers.flatMap(({ Labels: labels }) => labels[projectLabel] ?? []);
  return [...new Set(projects)].filter((project) => !project.startsWith(projectPrefix));
}
