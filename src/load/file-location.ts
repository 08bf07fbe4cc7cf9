import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { defaultFileNames, fileNameOf } from "../pipeline/file-name.ts";
import type { LinesLocation } from "./lines-location.ts";
import type { LoadPlan } from "./load-plan.ts";

/** The location of lines that are written to a file for each source in a folder of this machine. */
export function fileLocation({ folder, sources, fileNames = defaultFileNames }: LoadPlan): LinesLocation {
  return { folder, fileNames: sources.map((source) => fileNameOf(fileNames, source)) };
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
