import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryPipeline } from "../places/memory/memory-pipeline.ts";
import { MemoryPlace, type MemoryPlaceOptions } from "../places/memory/memory-place.ts";
import { judgeStoredRun } from "../store/stored-run.ts";
import { carryOutSoak } from "./carry-out-soak.ts";
import { soakDocumentSchema } from "./soak-document.ts";
import { soakPlan } from "./soak-plan.ts";

const secondsPerHour = 3_600;
const linesPerSecond = 500;
const seconds = 2;

let reportsFolder: string;
beforeAll(async () => {
  reportsFolder = await mkdtemp(join(tmpdir(), "everyline-soak-"));
});
afterAll(() => rm(reportsFolder, { recursive: true, force: true }));

async function soaked(options: MemoryPlaceOptions) {
  const plan = await soakPlan({
    pipeline: memoryPipeline(),
    hours: seconds / secondsPerHour,
    linesPerSecond,
  });
  const place = new MemoryPlace(options);
  const signal = new AbortController().signal;
  return carryOutSoak(plan, { place, signal, reportsFolder, seed: "soak" });
}

it("counts every line, knows nothing of drift after seconds, and stores both beside the run", async () => {
  const document = await soaked({});
  const lines = seconds * linesPerSecond;
  expect(document).toMatchObject({ linesVerdict: "holds", verdict: "unknown" });
  expect(document.counts).toMatchObject({ written: lines, delivered: lines, lost: 0, duplicated: 0 });
  expect(document.bytesPerLine).toBeGreaterThan(50);
  // The place in memory measures no usage.
  const findings = document.drifts.map(
    ({ quantity, instance, finding }) => `${instance} ${quantity}: ${finding}`,
  );
  expect(findings).toContain("store memory: not-measured");
  const folder = join(reportsFolder, document.runId);
  expect(soakDocumentSchema.parse(JSON.parse(await readFile(join(folder, "soak.json"), "utf8")))).toEqual(
    document,
  );
  expect(await readFile(join(folder, "soak.md"), "utf8")).toContain("# Soak of memory (single): unknown");
  const { stored, document: again } = await judgeStoredRun(folder);
  expect(again).toEqual(stored);
});

it("is broken by lines that are lost", async () => {
  const document = await soaked({ store: { losesEvery: 100 } });
  expect(document).toMatchObject({ linesVerdict: "broken", verdict: "broken" });
  expect(document.counts.lost).toBeGreaterThan(0);
});
