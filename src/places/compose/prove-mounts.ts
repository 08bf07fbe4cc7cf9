import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { MountProof } from "../place.ts";
import { isConfigurationPath } from "./configuration-path.ts";
import type { GivenMount } from "./given-mounts.ts";
import { readArchive } from "./listed-archive.ts";
import type { ListedEntry } from "./listed-files.ts";
import { projectLabel, serviceLabel } from "./project.ts";

/** How many differences are named at most. */
const maxNamed = 5;
/** How many files of a mount are read one by one at most; each takes about 20 ms. */
const maxAsked = 200;

/**
 * Compares, byte for byte, what the containers of a project have at their mounts with what the user has. Reads through the engine, so that
 * the result is what the processes in the containers see.
 */
export async function proveMounts(
  docker: Docker,
  project: string,
  given: readonly GivenMount[],
): Promise<MountProof> {
  const proof: MountProof = { differences: [], written: [], unchecked: 0 };
  for (const [service, mounts] of Map.groupBy(given, (mount) => mount.service)) {
    const label = [`${projectLabel}=${project}`, `${serviceLabel}=${service}`];
    for (const { Id } of await docker.listContainers({ all: true, filters: { label } })) {
      const container = docker.getContainer(Id);
      const startedAtMs = Date.parse((await container.inspect()).State.StartedAt);
      for (const mount of mounts) await compare(container, mount, startedAtMs, proof);
    }
  }
  const { differences } = proof;
  const others = differences.length - maxNamed;
  return {
    ...proof,
    differences:
      others > 0 ? [...differences.slice(0, maxNamed), { code: "further", files: others }] : differences,
  };
}

async function compare(
  container: Docker.Container,
  { service, folder, files, named }: GivenMount,
  startedAtMs: number,
  proof: MountProof,
): Promise<void> {
  const inFolder = folder === undefined ? undefined : await filesAt(container, folder);
  // What the container has written there since may be more than an answer holds.
  const asked = inFolder === undefined ? files.slice(0, maxAsked) : files;
  proof.unchecked += files.length - asked.length;
  for (const [index, { path, content }] of asked.entries()) {
    const at = inFolder ?? (await filesAt(container, path));
    if (at === undefined) {
      proof.unchecked += asked.length - index;
      return;
    }
    const found = at.get(path);
    if (found?.content?.equals(content)) continue;
    // Files of a copy are older than the container's start; times in an archive have a precision of a second.
    const isWritten = found === undefined || found.mtime.getTime() + 1_000 > startedAtMs;
    // A program may write to a file that its command line names, but the file has to exist at its start.
    if (isWritten && !isConfigurationPath(path, found === undefined ? named : [])) {
      proof.written.push(`${service} ${path}`);
      continue;
    }
    proof.differences.push(
      found === undefined
        ? { code: "missing", service, path }
        : { code: "another", service, path, isWritten },
    );
  }
}

/**
 * What a container has at a path and below, by complete paths; empty if there is nothing. Undefined if it is too much, or if
 * the engine cannot read from the container, for example because it mounts the whole machine.
 */
async function filesAt(
  container: Docker.Container,
  path: string,
): Promise<Map<string, ListedEntry> | undefined> {
  try {
    const archive = (await container.getArchive({ path })) as Readable;
    const { entries, isTooLarge } = await readArchive(archive);
    if (isTooLarge) return undefined;
    return new Map(entries.map((entry) => [entry.path === "" ? path : `${path}/${entry.path}`, entry]));
  } catch (thrown) {
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode === 404) return new Map();
    if (statusCode === undefined) throw thrown;
    return undefined;
  }
}
