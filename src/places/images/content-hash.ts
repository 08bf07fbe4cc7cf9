import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { CatalogueEntry } from "./catalogue.ts";

/** The label of a built image that holds the `contentHash` it was built from. */
export const contentLabel = "everyline.content";

/**
 * A hash of everything that an image would be built from: SHA-256 (hex) over its version, the inputs of its base, and
 * the path, the executable bit and the bytes of every file in its build folder and inputs, without installed packages and
 * tests, which are not part of an image. Two checkouts of the same commit have the same hash.
 *
 * @param root the folder that the entry's paths are relative to
 */
export async function contentHash(root: string, entry: CatalogueEntry): Promise<string> {
  if (!entry.build) throw new Error(`${entry.name}:${entry.version} has nothing to build it from`);
  const hash = createHash("sha256").update(`${entry.name}\0${entry.version}\0`);
  const { base } = entry.build;
  if (base) {
    const content = base.build ? await contentHash(root, base) : "";
    hash.update(`${base.name}\0${base.version}\0${content}\0`);
  }
  for (const input of [entry.build.folder, ...entry.build.inputs].sort()) {
    for (const path of await filesBelow(root, input)) {
      const [bytes, { mode }] = await Promise.all([readFile(join(root, path)), stat(join(root, path))]);
      hash.update(`${path}\0${mode & 0o100 ? "x" : "-"}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest("hex");
}

/** The file that `input` is, or those in the folder that it is. */
async function filesBelow(root: string, input: string): Promise<string[]> {
  if ((await stat(join(root, input))).isFile()) return [input];
  const entries = await readdir(join(root, input), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map((file) => relative(root, join(file.parentPath, file.name)))
    .filter((path) => !path.split(sep).includes("node_modules") && !path.endsWith(".test.ts"))
    .sort();
}
