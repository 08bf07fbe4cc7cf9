import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

await needImages(await loadPipeline("kafka-hardened", "single"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const outage = scenarios.find(({ name }) => name === "sink-outage/above-horizon")!;

describe("a run", () => {
  it("holds where every line comes back, with evidence that the fault took effect", async () => {
    const run = await runClaim("direct/sink-restart", scenarios, reportsFolder);
    expect(reasonsOf(run)).toEqual([]);
    expect(run.verdict).toBe("holds");
    expectAllDelivered(run.counts, 1_000);
    expect(run.counts.duplicated).toBe(0);
    expect(run.faults).toEqual([
      expect.objectContaining({ kind: "restart", target: "sink", effective: true }),
    ]);
    const linesMeanwhile = Number(/(\d+) lines written meanwhile/.exec(evidenceOf(run.faults[0]))?.[1]);
    expect(linesMeanwhile).toBeGreaterThan(0);
    const { totalSeconds, loadSeconds } = run.timings;
    expect(totalSeconds - loadSeconds).toBeLessThan(20);

    const again = await judgeStoredRun(join(reportsFolder, run.runId));
    expect(again.document.verdict).toBe("holds");
    expect(again.document).toEqual(run);
  });

  it("is broken above the retry horizon, with the exact ranges that the shipper gave up", async () => {
    const run = await runClaim("direct/sink-outage/above-horizon", scenarios, reportsFolder, {
      scenario: { ...outage, timeScale: outage.timeScale! / 2 },
    });
    expect(run.verdict).toBe("broken");
    expect(run.counts.lost).toBeGreaterThan(0);
    expect(run.counts.delivered).toBe(1_000 - run.counts.lost);
    expect(run.lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(run.counts.lost);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["shipper"]));

    const again = await judgeStoredRun(join(reportsFolder, run.runId));
    expect(again.document.verdict).toBe("broken");
    expect(again.document).toEqual(run);
  });

  it("is unknown when nothing was broken", async () => {
    const run = await runClaim("direct/sink-restart", scenarios, reportsFolder, {
      withFaults: false,
      load: { lines: 100 },
    });
    expect(run.counts).toMatchObject({ delivered: 100, lost: 0 });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([expect.stringContaining("disabled")]);
  });

  it("counts what Kafka holds while the consumer is stopped, in the layout for small machines", async () => {
    const pipeline = await loadPipeline("kafka-hardened", "single");
    const changes = { pipeline, load: { lines: 500, linesPerSecond: 250 } };
    const run = await runClaim("kafka-hardened/consumer-stop", scenarios, reportsFolder, changes);
    expect(run.verdict).toBe("holds");
    expect(run.plan.layout).toBe("single");
    expect(evidenceOf(run.faults[0])).toContain("Kafka held 500 of 500 lines before it healed");
    expect(run.counts).toMatchObject({ delivered: 500, duplicated: 0 });
    const records = await readFile(join(reportsFolder, run.runId, "observed-kafka-audit.jsonl"), "utf8");
    expect(records.trim().split("\n")).toHaveLength(500 + 2);
  });
});
