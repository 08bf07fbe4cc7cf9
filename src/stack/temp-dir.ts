import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone at the end of its scope: `await using dir = await tempDir("everyline-image-")`. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty temporary folder whose name starts with `prefix`; it goes even where the process exits in between. */
export async function tempDir(prefix: string): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), prefix));
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
