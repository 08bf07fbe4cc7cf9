import { readFile, stat } from "node:fs/promises";

const maxConfigurationBytes = 1_048_576;

/** The text of a configuration file; undefined if it is not a file, cannot be read, or is too large for one (1 MiB). */
export async function configurationText(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= maxConfigurationBytes ? await readFile(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
