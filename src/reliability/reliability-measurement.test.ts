import { expect, it } from "vitest";
import { reliabilityDocumentSchema } from "./reliability-document.ts";
import { reliabilityMeasurement } from "./reliability-measurement.ts";

it("tells the lines that were delivered, and between which bounds their share is", () => {
  const document = reliabilityDocumentSchema.parse({
    schema: "everyline/reliability@1",
    ...{ reliabilityId: "20260101t000000-reliability-1a2b", pipeline: "direct", layout: "single", seed: "a" },
    ...{ startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T01:00:00Z", wantedRuns: 20 },
    ...{ scenarios: ["sink-restart"], confidence: 0.95, machine: null, images: [], runs: [] },
    claim: { share: 0.999, text: "t", source: "s" },
    figures: {
      lines: { written: 20_000, delivered: 19_500 },
      runs: { certain: 20, uncertain: 0, withLoss: 2 },
      deliveredOfARun: { seen: 0.975, low: 0.81234, high: 0.99996 },
      runsWithoutLoss: { seen: 0.9, low: 0.7, high: 0.98 },
      needed: null,
    },
    ...{ verdict: "unknown", why: "between-bounds" },
  });
  expect(reliabilityMeasurement(document)).toMatchObject({
    ...{ quantity: "reliability", claimed: "99.9 %", verdict: "unknown", machine: "" },
    measured:
      "19,500 of 20,000 lines in 20 runs, 2 of which lost some; at least 81.234 % and at most 99.996 %",
  });
});
