import { rename, writeFile } from "node:fs/promises";

/** Writes a file completely or not at all: a process that is killed meanwhile leaves `PATH.partial`, and never half a file at PATH. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}
