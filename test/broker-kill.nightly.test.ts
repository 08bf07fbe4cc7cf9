import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

await needImages(await loadPipeline("kafka-hardened"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

it("holds where a partition leader is killed under 5,000 lines a second", async () => {
  const load = { lines: 100_000, linesPerSecond: 5_000 };
  const run = await runClaim("kafka-hardened/broker-kill", scenarios, reportsFolder, { load });
  expect(reasonsOf(run)).toEqual([]);
  expect(run.verdict).toBe("holds");
  expectAllDelivered(run.counts, 100_000);
  expectAllDelivered(run.kafka!.counts, 100_000);
  expect(run.kafka?.deadLetters).toEqual({});
  expect(run.faults).toEqual([
    expect.objectContaining({ kind: "kill", target: "kafka-leader", effective: true }),
  ]);
  expect(run.timings.upSeconds).toBeLessThan(60);

  const again = await judgeStoredRun(join(reportsFolder, run.runId));
  expect(again.document.verdict).toBe("holds");
  expect(again.document).toEqual(run);
});
