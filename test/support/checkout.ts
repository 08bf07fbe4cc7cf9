import { cp, mkdir, readdir, readFile, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists } from "../../src/base/exists.ts";
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
  for (const path of linked) await assertCurrent(path);
  for (const path of linked)
    if (await exists(join(root, path))) await symlink(await realpath(join(root, path)), join(folder, path));
}

/** Whether the npm packages are those of the lock file. */
export async function hasInstalledPackages(): Promise<boolean> {
  const [wanted, installed] = await Promise.all(
    ["package-lock.json", "node_modules/.everyline-lock.json"].map((file) =>
      readFile(join(root, file), "utf8").catch(() => ""),
    ),
  );
  return wanted === installed;
}

/** `bin/setup` in the copy would install packages anew, and through the link empty the folder that this test runs from. */
async function assertCurrent(path: string): Promise<void> {
  if (!path.endsWith("node_modules") || !(await exists(join(root, path)))) return;
  const lock = join(root, path, "..", "package-lock.json");
  const installed = await readFile(join(root, path, ".everyline-lock.json"), "utf8").catch(() => "");
  if (installed !== (await readFile(lock, "utf8")))
    throw new Error(`the packages in ${path} are not those of its lock file; run bin/setup first.`);
}
