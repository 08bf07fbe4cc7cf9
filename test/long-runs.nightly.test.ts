import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

await needImages(
  await loadPipeline("kafka-hardened", "single"),
  await loadPipeline("kafka-hardened", "two-sites"),
);

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

describe("an outage of days in seconds", () => {
  it("loses what is older than seven days, and says what refused it", async () => {
    const pipeline = await loadPipeline("kafka-hardened", "single");
    const changes = { pipeline, load: { lines: 12_000, linesPerSecond: 1_500 } };
    const run = await runClaim("kafka-hardened/sink-down-24h/7d1h", scenarios, reportsFolder, changes);
    expect(reasonsOf(run)).toEqual([]);
    expect(run.verdict).toBe("holds");
    expect(run.timeLapse).toMatchObject({ outageSeconds: 7 * 86_400 + 3_600 });
    expect(run.timeLapse!.heldSeconds).toBeLessThan(120);
    expect(run.counts.lost).toBeGreaterThan(0);
    // One of 169 hours of the backlog, which is six tenths of the load, and the lines that grew too old meanwhile.
    expect(run.counts.lost).toBeLessThan((12_000 * 0.6 * 2) / 169);
    expect(run.kafka!.counts.lost).toBe(0);
    expect(run.kafka!.partitions).toHaveLength(6);
    expect(run.kafka!.deadLetters).toEqual({ greater_than_max_sample_age: run.counts.lost });
    expect(run.discarded).toHaveProperty("greater_than_max_sample_age");
    const places = new Set(run.lost.map(({ hop, reason }) => `${hop}: ${reason}`));
    expect(places).toEqual(new Set(["consumer: dead-lettered: greater_than_max_sample_age"]));
    const again = await judgeStoredRun(join(reportsFolder, run.runId));
    expect(again.document.verdict).toBe("holds");
    expect(again.document).toEqual(run);
  });
});

describe("a lost site", () => {
  it("lacks what a slow link had not carried over, and has it again when the site is back", async () => {
    const changes = { load: { lines: 20_000, linesPerSecond: 2_000 } };
    const run = await runClaim(
      "kafka-hardened/datacenter-failure/mirrored-slow-link",
      scenarios,
      reportsFolder,
      changes,
    );
    expect(run.faults.filter(({ effective }) => !effective)).toEqual([]);
    expect(run.verdict).toBe("broken");
    expect(run.sites!.rpoSeconds).toBeGreaterThanOrEqual(1);
    expect(run.sites!.missing).toBeGreaterThan(0);
    expect(run.sites!.returned).toBe(run.sites!.missing);
    expectAllDelivered(run.counts, 20_000);
    const again = await judgeStoredRun(join(reportsFolder, run.runId));
    expect(again.document).toEqual(run);
  });
});

describe("a run of many lines", () => {
  it("holds at a rate at which Loki splits the streams into shards", async () => {
    const load = { lines: 80_000, linesPerSecond: 8_000 };
    const run = await runClaim("direct/sink-restart", scenarios, reportsFolder, { load });
    expect(reasonsOf(run)).toEqual([]);
    expectAllDelivered(run.counts, 80_000);
    expect(run.counts).toMatchObject({ duplicated: 0, reordered: 0 });
  });
});
