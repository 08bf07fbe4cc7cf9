import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { knownBadClaims } from "../src/plan/claims/known-bad.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { namesOf, readDamageAccount } from "./support/damage-account.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { findingsOf, reasonsOf } from "./support/told.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

const lines = 10_000;

/** What each kind of damage does to lines, in Everyline's words; nothing that anybody could see, if empty. */
const harmOf: Record<string, string[]> = {
  drop: ["lost"],
  shorten: ["lost"],
  duplicate: ["duplicated"],
  resend: ["duplicated"],
  reorder: ["reordered"],
  delay: [],
  corrupt: ["lost", "corrupted"],
  truncate: ["lost", "truncated"],
  merge: ["lost", "merged"],
  invent: ["unexpected"],
  refuse: [],
};
const allHarm = [...new Set(Object.values(harmOf).flat())];

/** Holds what Everyline found against what the proxy says it did: the same numbers, and the same lines. */
async function expectExact(run: RunDocument, harm: string[]): Promise<void> {
  const account = await readDamageAccount(join(reportsFolder, run.runId));
  const harmed = Object.entries(account.counts).filter(([, count]) => count > 0);
  expect(harmed.map(([kind]) => kind).sort()).toEqual([...harm].sort());
  expect(run.counts).toEqual({
    written: lines,
    delivered: lines - account.counts.lost,
    ...account.counts,
    late: 0,
  });
  expect(run.lost.flatMap(namesOf).sort()).toEqual(account.lines.lost.sort());
  const { document } = await judgeStoredRun(join(reportsFolder, run.runId));
  expect(document).toEqual(run);
  const findings = await findingsOf(reportsFolder, run.runId);
  expect(findings.duplicated.flatMap(namesOf).sort()).toEqual(account.lines.duplicated.sort());
  for (const kind of run.plan.variables.DAMAGE_KINDS!.split(","))
    expect(account.pushes[kind]).toBeGreaterThanOrEqual(4);
}

describe("a run with a proxy that damages pushes before Loki", () => {
  it.each(Object.entries(harmOf))("finds exactly what was done by: %s", async (kind, harm) => {
    const claim = knownBadClaims.find(({ scenario }) => scenario === `damaged-push/${kind}`)!;
    const run = await runClaim(claim.id, scenarios, reportsFolder);
    await expectExact(run, harm);
    expect(run.verdict, reasonsOf(run).join("\n")).toBe(claim.measured.verdict);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(harm.includes("lost") ? ["loki"] : []));
  });
});

describe("a run with a proxy that damages pushes before Kafka", () => {
  it("finds exactly what was done by all kinds of damage at once, in Loki and in Kafka", async () => {
    const pipeline = await loadPipeline("known-bad", "before-kafka");
    const run = await runClaim("known-bad/damaged-push/mixed", scenarios, reportsFolder, { pipeline });
    await expectExact(run, allHarm);
    expect(run.verdict).toBe("broken");
    // In Kafka a push that was held back stands behind later ones, and lines that exchanged their times stand as they were.
    const { reordered: _, ...inLoki } = run.counts;
    expect(run.kafka!.counts).toMatchObject(inLoki);
    expect(run.kafka!.counts.reordered).toBeGreaterThan(0);
  });

  it("places lines that the proxy keeps behind the shipper, which was told that they arrived", async () => {
    const pipeline = await loadPipeline("known-bad", "before-kafka");
    const run = await runClaim("known-bad/damaged-push/drop", scenarios, reportsFolder, { pipeline });
    await expectExact(run, ["lost"]);
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["gateway"]));
  });
});
