import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { pause } from "../../src/base/abortable-pause.ts";
import { Redactor } from "../../src/base/redact.ts";
import { randomSeed } from "../../src/load/seed.ts";
import { loadPipeline } from "../../src/pipeline/pipeline.ts";
import { copyPipeline } from "../../src/places/compose/start-fixture.ts";
import { openPlace } from "../../src/places/open-place.ts";
import type { Place } from "../../src/places/place.ts";
import { LokiClient } from "../../src/sinks/loki/loki-client.ts";
import { LokiReading } from "../../src/sinks/loki/loki-reading.ts";
import { readBack } from "../../src/sinks/read-back.ts";
import { forgetRun, registerRun } from "../../src/store/active-runs.ts";
import { Journal } from "../../src/store/journal.ts";
import { RunFolder } from "../../src/store/run-folder.ts";
import { judgedReading } from "./judged-reading.ts";
import type { KnownHistory } from "./known-history.ts";
import { all, type Lie, LokiFront } from "./loki-front.ts";
import { patientTimeoutMs, severalPages } from "./loki-lies.ts";
import { useReportsFolder } from "./run-claim.ts";
import { until } from "./services-stack.ts";

const { signal } = new AbortController();
const reportsFolder = await useReportsFolder(afterAll);
const runId = `test-${randomSeed()}`;
let place: Place;
let loki: string;

/** The address of the Loki that is there for all tests of a file. */
export function lokiUrl(): string {
  return loki;
}

beforeAll(async () => {
  const pipeline = await loadPipeline("direct-hardened");
  const folder = join(reportsFolder, runId);
  await mkdir(join(folder, "logs"), { recursive: true });
  await copyPipeline(pipeline, join(folder, "pipeline"));
  registerRun(runId, { folder: join(folder, "logs") });
  place = await openPlace();
  const stack = await place.start(pipeline, {
    runId,
    folder: join(folder, "pipeline"),
    logsFolder: join(folder, "logs"),
    onProgress: () => {},
    signal,
  });
  loki = (await stack.instance("loki").address())!.url;
  await until("Loki answers", async () => (await fetch(`${loki}/loki/api/v1/labels`)).ok);
});

afterAll(async () => {
  await place?.remove(runId);
  forgetRun(runId);
});

/** A client as runs have it, with this timeout. */
export function clientOf(url: string, timeoutMs = patientTimeoutMs): LokiClient {
  return new LokiClient({ baseUrl: async () => url, signal: () => signal, timeoutMs, retries: 2 });
}

/** Reads a history through a front, or from Loki itself if there is no lie, twice as a run does, and judges it. */
export async function outcomeOf(
  { ledger, selector, bounds }: KnownHistory,
  lie: Lie | undefined,
  { isFlushed = true, timeoutMs = patientTimeoutMs } = {},
) {
  const front = lie && (await LokiFront.before(loki, all(severalPages, lie)));
  const folder = await RunFolder.create(reportsFolder, `test-${randomSeed()}`);
  try {
    const sink = new LokiReading({
      client: clientOf(front?.url ?? loki, timeoutMs),
      ingesters: isFlushed ? [clientOf(loki)] : [],
      selector,
      wait: (ms) => pause(ms, signal),
    });
    const journal = new Journal(folder.file("journal.ndjson"), new Redactor(), () => {});
    const { readings, failure } = await readBack({ sink, ledger, folder, journal }, signal);
    return judgedReading(ledger, bounds, readings, failure);
  } finally {
    front?.close();
  }
}

/** The counts of a reading that finds no harm but losses and duplicates. */
export const noHarm = { reordered: 0, corrupted: 0, truncated: 0, merged: 0, unexpected: 0, late: 0 };

/** What a reading of a history that leaves nothing out has to find. */
export function exactOutcomeOf({ truth }: KnownHistory) {
  const { written, lost } = truth;
  const verdict = lost > 0 ? "broken" : "holds";
  return { verdict, counts: { ...noHarm, ...truth, delivered: written - lost } };
}
