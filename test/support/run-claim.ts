import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { randomSeed } from "../../src/load/seed.ts";
import { loadPipeline } from "../../src/pipeline/pipeline.ts";
import { openPlace } from "../../src/places/open-place.ts";
import { claims } from "../../src/plan/claims/table.ts";
import type { RunnableScenario } from "../../src/plan/scenario.ts";
import { run } from "../../src/run/run.ts";
import type { RunContext, RunRequest } from "../../src/run/run-request.ts";

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
  changes: Partial<RunRequest> = {},
  context: Partial<RunContext> = {},
): Promise<RunDocument> {
  const claim = claims.find((candidate) => candidate.id === id)!;
  const scenario = scenarios.find(({ name }) => name === claim.scenario)!;
  const request: RunRequest = {
    runId: `test-${randomSeed()}`,
    scenario,
    pipeline: await loadPipeline(claim.pipeline, scenario.layout),
    claim,
    seed: randomSeed(),
    load: {},
    realTime: false,
    withFaults: true,
    keep: false,
    reportsFolder,
    ...changes,
  };
  return run(request, {
    place: await openPlace(),
    signal: new AbortController().signal,
    onEvent: () => {},
    onStatus: () => {},
    ...context,
  });
}
