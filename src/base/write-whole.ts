import { rename, writeFile } from "node:fs/promises";

/** Writes a file whole or not at all: one who is killed meanwhile leaves `PATH.partial`, and never half a file of that name. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}
