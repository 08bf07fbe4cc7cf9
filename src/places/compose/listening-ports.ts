import { readFile } from "node:fs/promises";
import type Docker from "dockerode";

const listenState = "0A";

/**
 * The TCP ports at which processes of a container listen, in ascending order, read from this machine's kernel.
 *
 * @returns undefined if the kernel does not show them, as when the engine is on another machine
 */
export async function listeningPorts(container: Docker.Container): Promise<number[] | undefined> {
  const { Id: id, State: state } = await container.inspect();
  if (!state.Running || state.Pid === 0) return undefined;
  const folder = `/proc/${state.Pid}`;
  // With an engine on another machine, the process of this number is any other process.
  const groups = await textOf(`${folder}/cgroup`);
  const mounts = await textOf(`${folder}/mountinfo`);
  if (!`${groups}${mounts}`.includes(id)) return undefined;
  const tables = await Promise.all([textOf(`${folder}/net/tcp`), textOf(`${folder}/net/tcp6`)]);
  if (tables.every((table) => table === undefined)) return undefined;
  return [...new Set(tables.flatMap((table) => portsIn(table ?? "")))].sort((one, other) => one - other);
}

/** The ports of listening sockets in a table of the kernel. */
export function portsIn(table: string): number[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [, port] = local.split(":");
    return state === listenState && port !== undefined ? [Number.parseInt(port, 16)] : [];
  });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
