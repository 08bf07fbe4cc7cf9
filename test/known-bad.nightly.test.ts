import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { knownBadClaims } from "../src/plan/claims/known-bad.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { allHarm, expectExact, harmOf } from "./support/known-damage.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

await needImages(await loadPipeline("known-bad", "before-kafka"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

describe("a run with a proxy that damages pushes before Loki", () => {
  it.each(Object.entries(harmOf))("finds exactly what was done by: %s", async (kind, harm) => {
    const claim = knownBadClaims.find(({ scenario }) => scenario === `damaged-push/${kind}`)!;
    const run = await runClaim(claim.id, scenarios, reportsFolder);
    await expectExact(run, reportsFolder, harm);
    expect(run.counts.written).toBe(10_000);
    expect(run.verdict, reasonsOf(run).join("\n")).toBe(claim.measured.verdict);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(harm.includes("lost") ? ["sink"] : []));
  });
});

describe("a run with a proxy that damages pushes before Kafka", () => {
  it("finds exactly what was done by all kinds of damage at once, in Loki and in Kafka", async () => {
    const pipeline = await loadPipeline("known-bad", "before-kafka");
    const run = await runClaim("known-bad/damaged-push/mixed", scenarios, reportsFolder, { pipeline });
    await expectExact(run, reportsFolder, allHarm);
    expect(run.counts.written).toBe(10_000);
    expect(run.verdict).toBe("broken");
    // In Kafka a push that was held back stands behind later ones, and lines that exchanged their times stand as they were.
    const { reordered: _, ...inLoki } = run.counts;
    expect(run.kafka!.counts).toMatchObject(inLoki);
    expect(run.kafka!.counts.reordered).toBeGreaterThan(0);
  });

  it("places lines that the proxy keeps behind the shipper, which was told that they arrived", async () => {
    const pipeline = await loadPipeline("known-bad", "before-kafka");
    const run = await runClaim("known-bad/damaged-push/drop", scenarios, reportsFolder, { pipeline });
    await expectExact(run, reportsFolder, ["lost"]);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["gateway"]));
  });
});
