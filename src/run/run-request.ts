import { randomSeed } from "../load/seed.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Place } from "../places/place.ts";
import type { AlertsWanted } from "../plan/alerts-of-run.ts";
import { type PlanRequest, planOf, type SeededPlan, seeded } from "../plan/plan-of-run.ts";
import type { JournalEvent } from "../store/journal.ts";
import { newRunId } from "../store/run-id.ts";

/** What to run. */
export interface RunRequest {
  runId: string;
  plan: SeededPlan;
  /** The system under test, as the plan names it. */
  pipeline: Pipeline;
  /** Whether the containers and the log files remain after the run. */
  keep: boolean;
  reportsFolder: string;
}

/**
 * The request that runs a row of the guarantees table with its own load and a new seed, without keeping containers.
 *
 * @throws UsageError if alerts are wanted, and nothing watches the row's pipeline
 */
export async function requestFor(
  row: Pick<PlanRequest, "scenario" | "claim" | "pipeline">,
  reportsFolder: string,
  alerts?: AlertsWanted,
): Promise<RunRequest> {
  const plan = await planOf({ ...row, load: {}, realTime: false, withFaults: true, alerts });
  return {
    runId: newRunId(row.scenario.name),
    plan: seeded(plan, randomSeed()),
    pipeline: row.pipeline,
    keep: false,
    reportsFolder,
  };
}

/** The state of a run, for progress displays. */
export interface RunStatus {
  phase: "up" | "prove" | "load" | "settle" | "read" | "down";
  written: number;
  lines: number;
  readable: number;
  faultsInForce: string[];
}

/** The environment of a run. */
export interface RunContext {
  place: Place;
  signal: AbortSignal;
  onEvent: (event: JournalEvent) => void;
  onStatus: (status: RunStatus) => void;
  /** How long the sentinels may take; 60 s if absent. */
  sentinelTimeoutMs?: number;
  /** How long late copies of lines are waited for at the end; as long as the sink says if absent. */
  lateCopiesMs?: number;
  /** Returns the address that the final read uses in place of the sink's own, given that; for tests that put a proxy in front of the sink. */
  sinkFront?: (url: string) => Promise<string>;
}
