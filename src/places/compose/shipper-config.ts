import { readFile, writeFile } from "node:fs/promises";
import { parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { backoffIn, backoffPath, clientPath } from "../../products/promtail-backoff.ts";
import { type Backoff, scaleBackoff } from "../../products/retry-horizon.ts";

/**
 * Multiplies the backoff times of the first client in a Promtail configuration by a factor, and returns the result. Rewrites the file
 * unless the factor is 1.
 *
 * @param path a file that may be changed
 */
export async function scaleShipperBackoff(path: string, factor: number): Promise<Backoff> {
  const document = parseDocument(await readFile(path, "utf8"));
  const written = backoffIn(document);
  if (factor === 1) return written;
  const scaled = scaleBackoff(written, factor);
  document.setIn([...backoffPath, "min_period"], microseconds(scaled.minPeriodMs));
  document.setIn([...backoffPath, "max_period"], microseconds(scaled.maxPeriodMs));
  document.setIn([...clientPath, "timeout"], microseconds(scaled.tryTimeoutMs));
  await writeFile(path, String(document));
  return scaled;
}

/**
 * Makes a Promtail configuration use the time in each line (its `time`, RFC 3339) as the timestamp instead of the time of reading. Without
 * a time lapse both are the same to within a second. A configuration that already does so is not changed.
 *
 * @param path a file that may be changed
 */
export async function stampWithLineTime(path: string): Promise<void> {
  const document = parseDocument(await readFile(path, "utf8"));
  const jobs = document.get("scrape_configs") as YAMLSeq<YAMLMap>;
  for (const job of jobs.items) {
    const stages = (job.toJSON().pipeline_stages ?? []) as Record<string, unknown>[];
    if (stages.some((stage) => "timestamp" in stage)) continue;
    const added = [
      { json: { expressions: { time: "time" } } },
      { timestamp: { source: "time", format: "RFC3339Nano" } },
    ];
    job.set("pipeline_stages", document.createNode([...stages, ...added]));
  }
  await writeFile(path, String(document));
}

function microseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}us`;
}
