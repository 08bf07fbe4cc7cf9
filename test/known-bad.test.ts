import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { allHarm, expectExact, harmOf } from "./support/known-damage.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

await needImages(await loadPipeline("known-bad", "before-kafka"));

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

// Each kind by itself, and all of them on the same lines: known-bad.nightly.test.ts.
describe("a run with a proxy that does one kind of damage to each of eleven sources", () => {
  it.each(["before-loki", "before-kafka"])(
    "finds exactly what was done, and to which source: %s",
    async (layout) => {
      const pipeline = await loadPipeline("known-bad", layout);
      const run = await runClaim("known-bad/damaged-push/by-source", scenarios, reportsFolder, { pipeline });
      const { lines } = await expectExact(run, reportsFolder, allHarm);
      expect(run.counts.written).toBe(16_500);
      expect(run.verdict, reasonsOf(run).join("\n")).toBe("broken");

      const kinds = run.plan.variables
        .DAMAGE_KINDS!.split(",")
        .map((entry) => entry.split("@") as [string, string]);
      expect(kinds.map(([kind]) => kind).sort()).toEqual(Object.keys(harmOf).sort());
      for (const [kind, source] of kinds) {
        const harm = Object.entries(lines).filter(([, names]) =>
          names.some((name) => name.startsWith(`${source}/`)),
        );
        expect(harm.map(([anomaly]) => anomaly).sort(), `${kind} ${source}`).toEqual(
          [...harmOf[kind]!].sort(),
        );
      }

      if (layout === "before-loki") {
        expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["sink"]));
        return;
      }
      // In Kafka a push that was held back stands behind later ones, and lines that exchanged their times stand as they were.
      const { reordered: _, ...inLoki } = run.counts;
      expect(run.kafka!.counts).toMatchObject(inLoki);
      expect(run.kafka!.counts.reordered).toBeGreaterThan(0);
    },
  );
});
