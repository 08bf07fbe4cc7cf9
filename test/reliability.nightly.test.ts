import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openPlace } from "../src/places/open-place.ts";
import { loadScenarios } from "../src/plan/scenario.ts";
import { carryOutReliability } from "../src/reliability/carry-out-reliability.ts";
import { reliabilityDocumentSchema } from "../src/reliability/reliability-document.ts";
import { reliabilityPlan } from "../src/reliability/reliability-plan.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const reportsFolder = await useReportsFolder(afterAll);

it("carries out the runs that were drawn, and cannot support 99.9 % by two of them", async () => {
  const wanted = { pipeline: "direct-hardened", runs: 2, seed: "two", budgetSeconds: null };
  const plan = await reliabilityPlan(await loadScenarios(), wanted);
  const { signal } = new AbortController();
  const document = await carryOutReliability(plan, { place: await openPlace(), signal, reportsFolder });
  expect(document.runs.map(({ scenario, seed }) => ({ scenario, seed }))).toEqual(
    plan.runs.map(({ scenario, seed }) => ({ scenario: scenario.name, seed })),
  );
  for (const { lines, isCertain } of document.runs) {
    expect(isCertain).toBe(true);
    expect(lines!.written).toBeGreaterThanOrEqual(1_000);
  }
  expect(document).toMatchObject({ verdict: "unknown", why: "between-bounds" });
  expect(document.figures.deliveredOfARun.low).toBeLessThan(0.3);
  const stored = await readFile(join(reportsFolder, document.reliabilityId, "reliability.json"), "utf8");
  expect(reliabilityDocumentSchema.parse(JSON.parse(stored))).toEqual(document);
});

it("begins no run after its time", async () => {
  const wanted = { pipeline: "direct-hardened", runs: 2, seed: "two", budgetSeconds: 0 };
  const plan = await reliabilityPlan(await loadScenarios(), wanted);
  const { signal } = new AbortController();
  const document = await carryOutReliability(plan, { place: await openPlace(), signal, reportsFolder });
  expect(document.runs.length).toBeLessThan(2);
});
