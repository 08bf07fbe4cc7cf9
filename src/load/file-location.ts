import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LinesLocation } from "./lines-location.ts";

/** The location of lines that are written to files `SOURCE.log` in a folder of this machine. */
export function fileLocation(folder: string, sources: readonly string[]): LinesLocation {
  return { folder, fileNames: sources.map((source) => `${source}.log`) };
}

/** Whether each file was read to its end. False if a file was rotated, because the rotated file may contain lines that were never read. */
export async function areFilesRead(
  { folder, fileNames }: LinesLocation,
  readBytes: Readonly<Record<string, number>>,
): Promise<boolean> {
  const sizes = await Promise.all(
    fileNames.map(async (name) => [name, (await stat(join(folder, name))).size] as const),
  );
  const files = await readdir(folder);
  return files.length === sizes.length && sizes.every(([name, size]) => readBytes[name] === size);
}
