import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.ts";

/**
 * Makes a folder that serves as the whole PATH of a command, with the named programs of this machine and nothing else.
 *
 * @param nodeVersion what `node --version` prints there; no `node` when left out. It can do nothing else, unless it is the
 *   version that runs this test.
 */
export async function barePath(folder: string, programs: string[], nodeVersion?: string): Promise<string> {
  await mkdir(folder);
  for (const program of programs) {
    const { stdout } = await run("bash", ["-c", `command -v ${program}`]);
    await symlink(stdout.trim(), join(folder, program));
  }
  const node = join(folder, "node");
  if (nodeVersion === process.version) await symlink(process.execPath, node);
  else if (nodeVersion !== undefined) {
    await writeFile(node, `#!/bin/sh\necho ${nodeVersion}\n`);
    await chmod(node, 0o755);
  }
  return folder;
}
