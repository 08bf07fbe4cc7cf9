import { randomSeed } from "../load/seed.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Place } from "../places/place.ts";
import { type PlanRequest, planOf, type SeededPlan, seeded } from "../plan/plan-of-run.ts";
import type { JournalEvent } from "../store/journal.ts";
import { newRunId } from "../store/run-id.ts";

/** What to run. */
export interface RunRequest {
  runId: string;
  plan: SeededPlan;
  /** The system under test, as the plan names it. */
  pipeline: Pipeline;
  /** Leaves the containers and the log files. */
  keep: boolean;
  reportsFolder: string;
}

/** What runs a row of the guarantees table as it stands: nothing chosen, nothing kept, and lines of a new seed. */
export async function requestFor(
  row: Pick<PlanRequest, "scenario" | "claim" | "pipeline">,
  reportsFolder: string,
): Promise<RunRequest> {
  const plan = await planOf({ ...row, load: {}, realTime: false, withFaults: true });
  return {
    runId: newRunId(row.scenario.name),
    plan: seeded(plan, randomSeed()),
    pipeline: row.pipeline,
    keep: false,
    reportsFolder,
  };
}

/** Where a run stands, for those who watch. */
export interface RunStatus {
  phase: "up" | "prove" | "load" | "settle" | "read" | "down";
  written: number;
  lines: number;
  readable: number;
  faultsInForce: string[];
}

/** What a run needs from outside. */
export interface RunContext {
  place: Place;
  signal: AbortSignal;
  onEvent: (event: JournalEvent) => void;
  onStatus: (status: RunStatus) => void;
  /** How long the sentinels may take; 60 s unless told otherwise. */
  sentinelTimeoutMs?: number;
  /** What the final read goes through, given Loki's address; the address itself unless something is put between. */
  lokiFront?: (url: string) => Promise<string>;
}
