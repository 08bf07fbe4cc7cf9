import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { scaleShipperBackoff, stampWithLineTime } from "./shipper-config.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-shipper-config-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function configOf(backoff: string, scrapeConfigs = "scrape_configs: []\n"): Promise<string> {
  const path = join(folder, "promtail-config.yaml");
  await writeFile(path, `clients:\n  # the only one\n  - url: http://store:3100\n${backoff}${scrapeConfigs}`);
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

it("refuses a file that has the form of no program whose settings runs change", async () => {
  const path = join(folder, "fluent-bit.yaml");
  await writeFile(
    path,
    "pipeline: { inputs: [{ name: tail, path: /logs/*.log }], outputs: [{ name: forward }] }\n",
  );
  await expect(scaleShipperBackoff(path, 1)).rejects.toThrow(
    /expected .*fluent-bit\.yaml to be a configuration of Promtail or the OpenTelemetry Collector/,
  );
});

const lineTimeStages = [
  { json: { expressions: { time: "time" } } },
  { timestamp: { source: "time", format: "RFC3339Nano" } },
];

/** What a configuration says after its lines were given their own time, and what it said before. */
async function stamped(scrapeConfigs: string): Promise<{ before: object; after: object; text: string }> {
  const path = await configOf("", `# the files\nscrape_configs:\n${scrapeConfigs}`);
  const before = parse(await readFile(path, "utf8"));
  await stampWithLineTime(path);
  const text = await readFile(path, "utf8");
  return { before, after: parse(text), text };
}

it("stamps the lines of each job with their own time, after the stages that it has, and keeps the rest", async () => {
  const { before, after, text } = await stamped(
    "  - job_name: bare\n    static_configs: [{ targets: [localhost], labels: { job: a } }]\n" +
      "  - job_name: staged\n    pipeline_stages:\n      - docker: {}\n      - labels: { level: null }\n" +
      "  - job_name: silent\n    pipeline_stages:\n",
  );
  expect(after).toEqual({
    ...before,
    scrape_configs: [
      {
        job_name: "bare",
        static_configs: [{ targets: ["localhost"], labels: { job: "a" } }],
        pipeline_stages: lineTimeStages,
      },
      {
        job_name: "staged",
        pipeline_stages: [{ docker: {} }, { labels: { level: null } }, ...lineTimeStages],
      },
      { job_name: "silent", pipeline_stages: lineTimeStages },
    ],
  });
  expect(text).toContain("# the files");
});

it("leaves a job that has a timestamp stage as it is, whatever the others have", async () => {
  const own =
    "  - job_name: own\n    pipeline_stages:\n      - json: { expressions: { at: t } }\n      - timestamp: { source: at, format: Unix }\n";
  const { before, after } = await stamped(own);
  expect(after).toEqual(before);
  const { after: both } = await stamped(`${own}  - job_name: bare\n`);
  expect(both).toMatchObject({ ...before, scrape_configs: [{}, { pipeline_stages: lineTimeStages }] });
  expect(both).toHaveProperty("scrape_configs.0", (before as { scrape_configs: object[] }).scrape_configs[0]);
});
