import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { endCompose } from "./end-compose.ts";
import { type Removed, removeProject } from "./project.ts";

const quietMs = 500;
/** An object that was requested from the engine just before appears within this many checks. */
const quietChecks = 4;
const maxLooks = 60;

/**
 * Removes everything of a Compose project whose run was killed. `docker compose up` is a separate process, which may continue and start
 * further containers, so it is ended first. Objects that it has requested from the engine may appear a moment later, so the check is
 * repeated until nothing has appeared for 2 s.
 */
export async function removeAbandoned(docker: Docker, project: string): Promise<Removed> {
  await endCompose(project);
  const removed: Removed = { containers: 0, networks: 0, volumes: 0 };
  let quiet = 0;
  for (let look = 0; look < maxLooks && quiet < quietChecks; look++) {
    if (look > 0) await setTimeout(quietMs);
    const { containers, networks, volumes } = await removeProject(docker, project);
    removed.containers += containers;
    removed.networks += networks;
    removed.volumes += volumes;
    quiet = containers + networks + volumes === 0 ? quiet + 1 : 0;
  }
  return removed;
}
