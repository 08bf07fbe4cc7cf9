import { readFile, writeFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { settingsForRuns } from "../../products/known-configurations.ts";
import type { Backoff } from "../../products/retry-horizon.ts";

/**
 * Multiplies the backoff times in a shipper's configuration by a factor, and returns the result. Rewrites the file unless the factor is 1.
 *
 * @param path a file that may be changed
 * @throws UsageError if it is the configuration of no known shipper
 */
export async function scaleShipperBackoff(path: string, factor: number): Promise<Backoff> {
  const { settings, document } = await opened(path);
  if (factor !== 1) {
    settings.scaleBackoff(document, factor);
    await writeFile(path, String(document));
  }
  return settings.backoffIn(document);
}

/**
 * Makes a shipper use the time in each line as the timestamp instead of the time of reading, unless it already uses a time of its own.
 *
 * @param path a file that may be changed
 * @throws UsageError if it is the configuration of no known shipper
 */
export async function stampWithLineTime(path: string): Promise<void> {
  const { settings, document } = await opened(path);
  settings.stampWithLineTime(document);
  await writeFile(path, String(document));
}

async function opened(path: string) {
  const text = await readFile(path, "utf8");
  return { settings: settingsForRuns({ path, text }), document: parseDocument(text) };
}
