import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { goDurationMs, scaleShipperBackoff } from "./shipper-config.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-shipper-config-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function configOf(backoff: string): Promise<string> {
  const path = join(folder, "promtail-config.yaml");
  await writeFile(path, `clients:\n  # the only one\n  - url: http://loki:3100\n${backoff}`);
  return path;
}

it("reads the backoff and leaves the file alone when nothing is scaled", async () => {
  const path = await configOf(
    "    backoff_config: { min_period: 100ms, max_period: 1m30s, max_retries: 3 }\n",
  );
  const before = await readFile(path, "utf8");
  expect(await scaleShipperBackoff(path, 1)).toEqual({
    minPeriodMs: 100,
    maxPeriodMs: 90_000,
    maxRetries: 3,
    tryTimeoutMs: 10_000,
  });
  expect(await readFile(path, "utf8")).toBe(before);
});

it("writes scaled periods that read back the same, and keeps the rest", async () => {
  const path = await configOf("    backoff_config: { min_period: 500ms, max_period: 5m, max_retries: 10 }\n");
  const scaled = await scaleShipperBackoff(path, 1 / 40);
  expect(scaled).toEqual({ minPeriodMs: 12.5, maxPeriodMs: 7_500, maxRetries: 10, tryTimeoutMs: 1_000 });
  expect(await scaleShipperBackoff(path, 1)).toEqual(scaled);
  expect(await readFile(path, "utf8")).toContain("# the only one");
});

it("takes Promtail's defaults where the file is silent", async () => {
  expect(await scaleShipperBackoff(await configOf(""), 1)).toEqual({
    minPeriodMs: 500,
    maxPeriodMs: 300_000,
    maxRetries: 10,
    tryTimeoutMs: 10_000,
  });
});

it("refuses what is no Go duration", () => {
  expect(goDurationMs("1h2m3.5s")).toBe(3_723_500);
  for (const text of ["", "5", "5 m", "m5", "5d"])
    expect(() => goDurationMs(text)).toThrow(/expected a duration/);
});
