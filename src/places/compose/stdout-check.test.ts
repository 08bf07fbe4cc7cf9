import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { assertReadsNoOthers, assertReadsStdout } from "./stdout-check.ts";

const containers = "/var/lib/docker/containers";
let file: string;

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), "everyline-test-")), "promtail.yaml");
});

afterAll(() => rm(join(file, ".."), { recursive: true }));

const bind = (source: string, target = source) => ({ type: "bind", source, target, read_only: true });

/** The model of a Promtail that reads some paths and has some mounts. */
async function promtailOf(path: string, ...volumes: ReturnType<typeof bind>[]) {
  const scrape = { job_name: "x", static_configs: [{ labels: { job: "x", __path__: path } }] };
  await writeFile(file, JSON.stringify({ scrape_configs: [scrape] }));
  const mounts = [...volumes, bind(file, "/etc/promtail/config.yml")];
  return composeModel({ promtail: { image: "grafana/promtail:3.6.4", volumes: mounts } });
}

const files = { stdout: { by: "files" as const, shown: {} as never }, logsPath: containers };

it("accepts a shipper that reads the engine's json-files, and one that may ask the engine", async () => {
  const reads = await promtailOf(`${containers}/*/*-json.log`, bind(containers));
  await expect(assertReadsStdout(reads, "promtail", files)).resolves.toBeUndefined();
  const asks = await promtailOf("/var/log/*.log", bind(containers), bind("/var/run/docker.sock"));
  await expect(assertReadsStdout(asks, "promtail", files)).resolves.toBeUndefined();
});

it("refuses one that reads other files", async () => {
  const model = await promtailOf("/var/log/*.log", bind(containers));
  await expect(assertReadsStdout(model, "promtail", files)).rejects.toThrow(
    "promtail would not read the stdout of a run's containers: by its configuration it reads /var/log/*.log",
  );
});

it("refuses one that reads the logs of the machine through a mount of all of it", async () => {
  const model = await promtailOf("/host/var/log/*.log", bind("/", "/host"));
  await expect(assertReadsNoOthers(model, "promtail", "/var/log/shop")).rejects.toThrow(
    "promtail mounts / of this machine at /host and reads /host/var/log/*.log there",
  );
  await expect(assertReadsNoOthers(model, "promtail", "/host/var/log")).resolves.toBeUndefined();
  await expect(assertReadsNoOthers(model, "promtail", undefined)).rejects.toThrow(
    "a separate stack cannot be started",
  );
});

it("lets a shipper have the machine if it reads other files, as for metrics of the machine", async () => {
  const model = await promtailOf("/var/log/shop/*.log", bind("/", "/host"));
  await expect(assertReadsNoOthers(model, "promtail", "/var/log/shop")).resolves.toBeUndefined();
});
