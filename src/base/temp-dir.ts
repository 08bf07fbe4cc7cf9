import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, processOf } from "./process-identity.ts";
import { endProcesses, listProcesses } from "./processes.ts";

/** A folder that is removed at the end of its scope: `await using dir = await tempDir("everyline-image-")`. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** What a folder's name says about the process that made it. */
const madeBy = /^everyline-[a-z]+-(\d+)-(\d*)-\w{6}$/;

/**
 * Makes an empty temporary folder whose name starts with `prefix`, like `everyline-image-`. It is removed even if the process exits
 * before the end of the scope. If the process is killed, `removeAbandonedTempDirs` recognises the folder by its name.
 */
export async function tempDir(prefix: string): Promise<TempDir> {
  const { pid, startTime } = processOf(process.pid);
  const path = await mkdtemp(join(tmpdir(), `${prefix}${pid}-${startTime ?? ""}-`));
  const removeAtExit = () => rmSync(path, { recursive: true, force: true, maxRetries: 10 });
  process.once("exit", removeAtExit);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      process.off("exit", removeAtExit);
    },
  };
}

/** Removes the temporary folders whose process was killed, after ending processes that still use them, such as the build of an image. */
export async function removeAbandonedTempDirs(): Promise<void> {
  const abandoned = (await readdir(tmpdir())).filter((name) => {
    const [isOne, pid, startTime] = madeBy.exec(name) ?? [];
    return isOne !== undefined && !isAlive({ pid: Number(pid), startTime: startTime || null });
  });
  for (const path of abandoned.map((name) => join(tmpdir(), name))) {
    const isInIt = (argument: string) => argument.startsWith(path);
    await endProcesses(
      (await listProcesses()).filter(({ argv }) => argv.some(isInIt)),
      "group",
    );
    await rm(path, { recursive: true, force: true });
  }
}
