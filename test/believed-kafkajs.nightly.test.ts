import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

await needImages(await loadPipeline("kafka-known-bad"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

it("a run with Kafka is broken where the gateway relies on kafkajs' acknowledgements, and places the loss between gateway and Kafka", async () => {
  // kafkajs mistakes one answer for another in four runs of five; a run without a loss is reported as such.
  let run = await runClaim("kafka-known-bad/broker-kill", scenarios, reportsFolder);
  for (let again = 0; again < 2 && run.verdict !== "broken"; again++) {
    expect(run).toMatchObject({ verdict: "holds", counts: { delivered: run.counts.written, lost: 0 } });
    run = await runClaim("kafka-known-bad/broker-kill", scenarios, reportsFolder);
  }
  expect(run.verdict).toBe("broken");
  expect(run.counts.lost).toBeGreaterThan(0);
  expect(run.kafka?.counts.lost).toBe(run.counts.lost);
  expect(run.lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(run.counts.lost);
  expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["gateway"]));

  const again = await judgeStoredRun(join(reportsFolder, run.runId));
  expect(again.document.lost.length).toBeGreaterThan(0);
  expect(again.document).toEqual(run);
  // Up to three runs, of which one that loses lines asks Loki for each of them.
}, 600_000);
