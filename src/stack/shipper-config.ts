import { readFile, writeFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { UsageError } from "../errors.ts";
import type { Backoff } from "../guarantees/retry-horizon.ts";

const nanosPerUnit: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};
const backoffPath = ["clients", 0, "backoff_config"];

/** Promtail 3.6.4's defaults (`client/config.go`). */
const defaultBackoff: Backoff = { minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 10 };

/**
 * The backoff of a Promtail configuration's first client, all its periods multiplied by a factor. With another factor than 1 the
 * file is rewritten to say so.
 *
 * @param path a file that may be changed
 */
export async function scaleBackoff(path: string, factor: number): Promise<Backoff> {
  const document = parseDocument(await readFile(path, "utf8"));
  const minPeriod = document.getIn([...backoffPath, "min_period"]);
  const maxPeriod = document.getIn([...backoffPath, "max_period"]);
  const backoff: Backoff = {
    minPeriodMs:
      (minPeriod === undefined ? defaultBackoff.minPeriodMs : goDurationMs(String(minPeriod))) * factor,
    maxPeriodMs:
      (maxPeriod === undefined ? defaultBackoff.maxPeriodMs : goDurationMs(String(maxPeriod))) * factor,
    maxRetries: Number(document.getIn([...backoffPath, "max_retries"]) ?? defaultBackoff.maxRetries),
  };
  if (factor !== 1) {
    document.setIn([...backoffPath, "min_period"], microseconds(backoff.minPeriodMs));
    document.setIn([...backoffPath, "max_period"], microseconds(backoff.maxPeriodMs));
    await writeFile(path, String(document));
  }
  return backoff;
}

/**
 * Milliseconds of a Go duration such as `1m30s` or `500ms`.
 *
 * @throws UsageError if it is none
 */
export function goDurationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new UsageError(`expected a duration like "500ms" or "1m30s", got "${text}".`);
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * nanosPerUnit[unit!]!, 0) / 1e6;
}

function microseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}us`;
}
