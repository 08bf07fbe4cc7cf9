import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The unit of `blocks`, whatever the file system. */
const blockBytes = 512;
const mostFiles = 50_000;

/**
 * The disk space of all files in some folders and their subfolders, in bytes. A file that is deleted meanwhile has none. Links are not
 * followed: those of a container may lead anywhere on this machine.
 *
 * @returns undefined if a folder cannot be read, there is no folder, or there are more than 50,000 files
 */
export async function diskSpaceOf(folders: readonly string[]): Promise<number | undefined> {
  if (folders.length === 0) return undefined;
  let [bytes, files] = [0, 0];
  // One after the other, because this process also writes the lines of the run. `readdir` would follow links if it did this itself.
  for (const left = [...folders]; left.length > 0; ) {
    const folder = left.pop()!;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined && folders.includes(folder)) return undefined;
    for (const entry of entries ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) left.push(path);
      bytes += (await spaceOf(path)) ?? 0;
      if (++files > mostFiles) return undefined;
    }
  }
  return bytes;
}

async function spaceOf(path: string): Promise<number | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats && stats.blocks * blockBytes;
}
