import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** The files that the load of a run writes: a separate folder, or some files among others. */
export interface LogFiles {
  folder: string;
  /** The prefix of the run's file names, if the folder is not the run's own. */
  prefix?: string | undefined;
  /** The folder with copies of the user's files that containers may write into. */
  copies?: string | undefined;
}

/** The prefix of a run's file names in a folder that is not its own, derived from the end of its id. */
export function attachedPrefix(runSuffix: string): string {
  return `everyline-${runSuffix}-`;
}

/** Removes a run's log files, including rotated ones, and its copies of files, and nothing else. */
export async function removeLogFiles({ folder, prefix, copies }: LogFiles): Promise<void> {
  if (copies !== undefined) await rm(copies, { recursive: true, force: true });
  if (prefix === undefined) return rm(folder, { recursive: true, force: true });
  const own = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix));
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}
