import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { randomSeed } from "../../src/load/seed.ts";
import { loadPipeline } from "../../src/pipeline/pipeline.ts";
import { openPlace } from "../../src/places/open-place.ts";
import { claims } from "../../src/plan/claims/table.ts";
import { type PlanRequest, planOf, seeded } from "../../src/plan/plan-of-run.ts";
import type { RunnableScenario } from "../../src/plan/scenario.ts";
import { run } from "../../src/run/run.ts";
import type { RunContext } from "../../src/run/run-request.ts";

/** A folder for reports that is removed after the tests of a file. */
export async function useReportsFolder(afterAll: (clean: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the scenario of a claim on the real engine, as the command line does, with some things changed. */
export async function runClaim(
  id: string,
  scenarios: RunnableScenario[],
  reportsFolder: string,
  changes: Partial<PlanRequest & { seed: string; runId: string }> = {},
  context: Partial<RunContext> = {},
): Promise<RunDocument> {
  const claim = claims.find((candidate) => candidate.id === id)!;
  const scenario = scenarios.find(({ name }) => name === claim.scenario)!;
  const { seed = randomSeed(), runId = `test-${randomSeed()}`, ...wanted } = changes;
  const pipeline = wanted.pipeline ?? (await loadPipeline(claim.pipeline, scenario.layout));
  const plan = await planOf({
    scenario,
    pipeline,
    claim,
    load: {},
    realTime: false,
    withFaults: true,
    ...wanted,
  });
  const request = { runId, plan: seeded(plan, seed), pipeline, keep: false, reportsFolder };
  return run(request, {
    place: await openPlace(),
    signal: new AbortController().signal,
    onEvent: () => {},
    onStatus: () => {},
    ...context,
  });
}
