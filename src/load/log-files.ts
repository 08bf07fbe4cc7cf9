import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** The files that the load of a run writes: a folder of their own, or some files among others. */
export interface LogFiles {
  folder: string;
  /** What the names of the run's files begin with, where the folder is not the run's own. */
  prefix?: string | undefined;
  /** The folder with copies of files of the user's that containers may write into. */
  copies?: string | undefined;
}

/** What the names of a run's files begin with in a folder that is not its own, by the end of its id. */
export function attachedPrefix(runSuffix: string): string {
  return `everyline-${runSuffix}-`;
}

/** Removes a run's log files, rotated ones included, and its copies of files, and nothing else. */
export async function removeLogFiles({ folder, prefix, copies }: LogFiles): Promise<void> {
  if (copies !== undefined) await rm(copies, { recursive: true, force: true });
  if (prefix === undefined) return rm(folder, { recursive: true, force: true });
  const own = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}
