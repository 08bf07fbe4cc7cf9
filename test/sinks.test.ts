import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import pRetry, { AbortError } from "p-retry";
import { afterAll } from "vitest";
import { Redactor } from "../src/base/redact.ts";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline, type Pipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { forgetRun, registerRun } from "../src/store/active-runs.ts";
import { type SinkUnderTest, sinkContract } from "./contracts/sink-contract.ts";
import { asFiles, fileNameOf } from "./support/files-of-streams.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { until } from "./support/services-stack.ts";

const reportsFolder = await useReportsFolder(afterAll);

/** Starts a pipeline for its sink. */
async function startedStack(pipeline: Pipeline): Promise<Pick<SinkUnderTest, "stack" | "remove">> {
  const runId = `test-${randomSeed()}`;
  const folder = join(reportsFolder, runId);
  await mkdir(join(folder, "logs"), { recursive: true });
  const place = await openPlace();
  await place.prepare(pipeline, join(folder, "pipeline"), new Redactor());
  registerRun(runId, { folder: join(folder, "logs") });
  afterAll(() => forgetRun(runId));
  const stack = await place.start(pipeline, {
    runId,
    folder: join(folder, "pipeline"),
    logsFolder: join(folder, "logs"),
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return { stack, remove: () => place.remove(runId) };
}

/** One that is pushed to directly. */
async function started(name: string, service: string, push: string, ready: string): Promise<SinkUnderTest> {
  const { stack, remove } = await startedStack(await loadPipeline(name));
  const url = (await stack.instance(service).address())!.url;
  await until(`${service} answers`, async () => (await fetch(url + ready)).ok);
  return {
    stack,
    push: async (stream, values) => {
      const ask = async () => {
        const response = await fetch(url + push, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ streams: [{ stream, values }] }),
        });
        if (response.status === 204) return;
        const message = `${service} answered ${response.status}: ${await response.text()}`;
        throw response.status === 429 ? new Error(message) : new AbortError(message);
      };
      // Loki takes 4 MB a second by default, and nothing of a push beyond that.
      await pRetry(ask, { retries: 40, minTimeout: 250, factor: 1 });
    },
    stop: () => stack.instance(service).end("term"),
    remove,
  };
}

/** Files in a container, whatever that runs, which are written through the engine. */
async function startedFiles(): Promise<SinkUnderTest> {
  const { sink, ...direct } = await loadPipeline("direct");
  const { stack, remove } = await startedStack({
    ...direct,
    selector: "/out/*.log",
    sink: { ...direct.shipper, kind: "file", reader: "promtail", ingesters: ["promtail"] },
    beside: { loki: sink },
  });
  const instance = stack.instance("promtail");
  const written = new Map<string, string>();
  return {
    stack,
    ...asFiles,
    push: async (labels, values) => {
      const name = `out/${fileNameOf(labels)}`;
      const text = (written.get(name) ?? "") + values.map(([, line]) => `${line}\n`).join("");
      written.set(name, text);
      await instance.writeFile!("/", { name, content: Buffer.from(text), header: { mode: 0o644 } });
    },
    stop: () => instance.end("kill"),
    remove,
  };
}

sinkContract("Loki", () => started("direct-hardened", "loki", "/loki/api/v1/push", "/loki/api/v1/labels"));

sinkContract("VictoriaLogs", async () => ({
  ...(await started("direct-victorialogs", "victorialogs", "/insert/loki/api/v1/push", "/health")),
  lacks: ["count"],
}));

sinkContract("files in a container", startedFiles);
