import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import pRetry, { AbortError } from "p-retry";
import { afterAll } from "vitest";
import { Redactor } from "../src/base/redact.ts";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { forgetRun, registerRun } from "../src/store/active-runs.ts";
import { type SinkUnderTest, sinkContract } from "./contracts/sink-contract.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { until } from "./support/services-stack.ts";

const reportsFolder = await useReportsFolder(afterAll);

/** Starts a pipeline for its sink, which is pushed to directly. */
async function started(name: string, service: string, push: string, ready: string): Promise<SinkUnderTest> {
  const runId = `test-${randomSeed()}`;
  const pipeline = await loadPipeline(name);
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
    remove: () => place.remove(runId),
  };
}

sinkContract("Loki", () => started("direct-hardened", "loki", "/loki/api/v1/push", "/loki/api/v1/labels"));

sinkContract("VictoriaLogs", () =>
  started("direct-victorialogs", "victorialogs", "/insert/loki/api/v1/push", "/health"),
);
