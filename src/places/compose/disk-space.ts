import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The unit of `blocks`, whatever the file system. */
const blockBytes = 512;
const mostFiles = 50_000;

/**
 * The disk space of all files in some folders and their subfolders, in bytes; links are not followed. A file that is deleted meanwhile has none.
 *
 * @returns undefined if a folder cannot be read, there is no folder, or there are more than 50,000 files
 */
export async function diskSpaceOf(folders: readonly string[]): Promise<number | undefined> {
  if (folders.length === 0) return undefined;
  let [bytes, files] = [0, 0];
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true }).catch(() => undefined);
    if (names === undefined) return undefined;
    files += names.length;
    if (files > mostFiles) return undefined;
    // One after the other, because this process also writes the lines of the run.
    for (const name of names) bytes += (await spaceOf(join(folder, name))) ?? 0;
  }
  return bytes;
}

async function spaceOf(path: string): Promise<number | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats && stats.blocks * blockBytes;
}
