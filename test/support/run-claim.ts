import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claims } from "../../src/guarantees/table.ts";
import { randomSeed } from "../../src/load/seed.ts";
import type { RunDocument } from "../../src/report/run-document.ts";
import { run } from "../../src/run/run.ts";
import type { RunContext, RunRequest } from "../../src/run/run-request.ts";
import type { RunnableScenario } from "../../src/run/scenario.ts";
import { connectEngine } from "../../src/stack/engine.ts";
import { loadPipeline } from "../../src/stack/pipeline.ts";

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
    docker: await connectEngine(),
    signal: new AbortController().signal,
    onEvent: () => {},
    onStatus: () => {},
    ...context,
  });
}
