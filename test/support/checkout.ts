import { cp, mkdir, readdir, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists } from "../../src/exists.ts";
import { root, run } from "./command.ts";

/** Copies what a clone of the working tree would have into a folder, with the installed packages linked. */
export async function copyCheckout(folder: string): Promise<void> {
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const files = stdout.split("\0").filter((file) => file !== "");
  for (const file of files) {
    if (!(await exists(join(root, file)))) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  const services = await readdir(join(root, "fixtures/services"));
  const linked = [
    ".everyline",
    "node_modules",
    ...services.map((name) => `fixtures/services/${name}/node_modules`),
  ];
  for (const path of linked)
    if (await exists(join(root, path))) await symlink(await realpath(join(root, path)), join(folder, path));
}
