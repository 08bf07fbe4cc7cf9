import { readdir, readFile } from "node:fs/promises";

const systemOfGroups = "/sys/fs/cgroup";

/** Where the kernel lists the processes of a container, by version and driver of its control groups. */
const listings = [
  (id: string) => `${systemOfGroups}/memory/docker/${id}`,
  (id: string) => `${systemOfGroups}/docker/${id}`,
  (id: string) => `${systemOfGroups}/system.slice/docker-${id}.scope`,
  (id: string) => `${systemOfGroups}/memory/system.slice/docker-${id}.scope`,
];

/**
 * How many descriptors the processes of a container have open. Undefined if the container has no process, or this process may not look:
 * the engine has to run on this machine, and this process as root.
 */
export async function openDescriptors(containerId: string): Promise<number | undefined> {
  const processes = await processesOf(containerId);
  const open = await Promise.all(
    processes.map((id) => readdir(`/proc/${id}/fd`).then((names) => names.length, missing)),
  );
  const known = open.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
}

async function processesOf(containerId: string): Promise<string[]> {
  for (const listing of listings) {
    const text = await readFile(`${listing(containerId)}/cgroup.procs`, "utf8").catch(missing);
    if (text !== undefined) return text.split("\n").filter((id) => id !== "" && id !== "0");
  }
  return [];
}

/** A process that has just ended has no descriptors, and one of somebody else shows none. */
function missing(): undefined {
  return undefined;
}
