import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

await needImages(await loadPipeline("direct-otel"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const outage = scenarios.find(({ name }) => name === "sink-outage/above-horizon")!;

describe("a run with the OpenTelemetry Collector as the shipper", () => {
  it("places what the Collector gave up at the shipper, by its own count", async () => {
    const run = await runClaim("direct-otel/sink-outage/above-horizon", scenarios, reportsFolder, {
      scenario: { ...outage, timeScale: outage.timeScale! / 2 },
    });
    expect(run.verdict).toBe("broken");
    expect(run.counts.lost).toBeGreaterThan(0);
    expect(run.lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(run.counts.lost);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["shipper"]));
  });

  it("holds where a hardened Collector is killed during an outage", async () => {
    const run = await runClaim(
      "direct-otel-hardened/promtail-crash/during-outage",
      scenarios,
      reportsFolder,
      {
        load: { lines: 500 },
      },
    );
    expect(run.verdict).toBe("holds");
    expectAllDelivered(run.counts, 500);
  });
});
