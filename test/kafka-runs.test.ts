import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

await needImages(await loadPipeline("kafka-hardened", "single"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

describe("a run with Kafka", () => {
  it.each([
    ["stream", 0],
    ["line", 1],
  ])(
    "finds lines out of order in Kafka where the gateway distributes them by %s: %d or more",
    async (partitionBy, least) => {
      const pipeline = await loadPipeline("kafka-hardened", "single");
      const scenario = {
        ...scenarios.find(({ name }) => name === "consumer-stop")!,
        variables: { PARTITION_BY: partitionBy },
      };
      const changes = { pipeline, scenario, load: { lines: 4_000, linesPerSecond: 1_000 } };
      const run = await runClaim("kafka-hardened/consumer-stop", scenarios, reportsFolder, changes);
      expectAllDelivered(run.counts, 4_000);
      expect(run.plan.variables).toEqual({ PARTITION_BY: partitionBy });
      expect(run.kafka!.counts.reordered).toBeGreaterThanOrEqual(least);
      if (least === 0) expect(run.kafka!.counts.reordered).toBe(0);
    },
  );
});
