import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** The files that the load of a run writes: a folder of their own, or some files among others. */
export interface LogFiles {
  folder: string;
  /** What the names of the run's files begin with, where the folder is not the run's own. */
  prefix?: string | undefined;
}

/** Removes a run's log files, rotated ones included, and nothing else. */
export async function removeLogFiles({ folder, prefix }: LogFiles): Promise<void> {
  if (prefix === undefined) return rm(folder, { recursive: true, force: true });
  const own = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}
