import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { endProcesses, listProcesses } from "../../base/processes.ts";
import { type Removed, removeProject } from "./project.ts";

const quietMs = 500;
/** One that the engine was asked for just before is there within this many looks. */
const quietLooks = 4;
const maxLooks = 60;

/**
 * Removes everything of a Compose project whose run was killed. `docker compose up` is a process of its own, which may live on and start
 * what is not there yet, so it is ended first; and what the engine was asked for by then may come a moment later, so it is looked again
 * until nothing has come for 2 s.
 */
export async function removeAbandoned(docker: Docker, project: string): Promise<Removed> {
  const ofCompose = (await listProcesses()).filter(
    ({ argv }) => argv.includes("compose") && argv.includes(project),
  );
  await endProcesses(ofCompose, "process");
  const removed: Removed = { containers: 0, networks: 0, volumes: 0 };
  let quiet = 0;
  for (let look = 0; look < maxLooks && quiet < quietLooks; look++) {
    if (look > 0) await setTimeout(quietMs);
    const { containers, networks, volumes } = await removeProject(docker, project);
    removed.containers += containers;
    removed.networks += networks;
    removed.volumes += volumes;
    quiet = containers + networks + volumes === 0 ? quiet + 1 : 0;
  }
  return removed;
}
