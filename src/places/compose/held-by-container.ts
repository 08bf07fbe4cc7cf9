import type Docker from "dockerode";
import type { Usage } from "../usage.ts";
import { unlessGone } from "./container.ts";
import { diskSpaceOf } from "./disk-space.ts";
import { openDescriptors } from "./open-descriptors.ts";

const shortestAgeMs = 5_000;
/** Files are counted in at most a fiftieth of the time. */
const restsPerCount = 50;

/** The folders of this machine that hold what an engine's container writes. */
interface Folders {
  container: string;
  paths: string[];
}

/**
 * What a container holds: open descriptors and disk space. What this process may not see is undefined. Disk space is not measured each time,
 * because every file has to be looked at.
 */
export class HeldByContainer {
  #folders: Folders | undefined;
  #stored: number | undefined;
  #storedUntilMs = 0;

  async of(container: Docker.Container): Promise<Pick<Usage, "openDescriptors" | "storedBytes">> {
    return {
      openDescriptors: await openDescriptors(container.id),
      storedBytes: await this.#storedIn(container),
    };
  }

  async #storedIn(container: Docker.Container): Promise<number | undefined> {
    const isOther = this.#folders?.container !== container.id;
    if (isOther) this.#folders = { container: container.id, paths: await writtenFolders(container) };
    if (!isOther && performance.now() < this.#storedUntilMs) return this.#stored;
    const beganAtMs = performance.now();
    this.#stored = await diskSpaceOf(this.#folders!.paths);
    const endedAtMs = performance.now();
    this.#storedUntilMs = endedAtMs + Math.max(shortestAgeMs, restsPerCount * (endedAtMs - beganAtMs));
    return this.#stored;
  }
}

/** Its mounts that can be written to, and the layer of its own. */
async function writtenFolders(container: Docker.Container): Promise<string[]> {
  const info = await unlessGone(container.inspect());
  if (info === undefined) return [];
  const mounted = info.Mounts.filter(({ RW: isWritable, Source: path }) => isWritable && path).map(
    ({ Source: path }) => path,
  );
  const layer = (info.GraphDriver?.Data as { UpperDir?: string } | null)?.UpperDir;
  return layer === undefined ? mounted : [...mounted, layer];
}
