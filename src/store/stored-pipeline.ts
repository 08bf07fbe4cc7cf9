import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Longer files are not configuration that a person wrote. Of those only a digest is returned, which is enough to detect a difference. */
const maxBytes = 1_000_000;

/**
 * The files of a pipeline as a run started it, by their paths.
 *
 * @param folder `reports/RUN_ID/pipeline`
 * @returns an empty map if there is no such folder, as in a report that was copied without the rest of its run
 */
export async function readStoredPipeline(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files = await Promise.all(
    paths.map(
      async (path): Promise<[string, string]> => [
        path.slice(folder.length + 1),
        textOf(await readFile(path)),
      ],
    ),
  );
  return new Map(files);
}

function textOf(bytes: Buffer): string {
  if (bytes.length <= maxBytes) return bytes.toString("utf8");
  return `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}\n`;
}
