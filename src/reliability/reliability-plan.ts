import { UsageError } from "../base/errors.ts";
import { loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { unsupportedReason } from "../plan/choose-runs.ts";
import type { Scenario } from "../plan/scenario.ts";
import { candidatesFor, type DrawnRun, drawRuns } from "./drawn-run.ts";
import { type ReliabilityClaim, reliabilityClaims } from "./reliability-claims.ts";

/** What to measure. */
export interface ReliabilityPlan {
  pipeline: Pipeline;
  /** What the reference architecture says; undefined if it says nothing of this pipeline. */
  claim: ReliabilityClaim | undefined;
  seed: string;
  /** Of what the runs are drawn. */
  scenarios: string[];
  runs: DrawnRun[];
  /** No run begins after this time; null for no limit. */
  budgetSeconds: number | null;
}

/** What the caller wants. */
interface Wanted {
  pipeline: string;
  layout?: string | undefined;
  runs: number;
  seed: string;
  budgetSeconds: number | null;
}

/**
 * Draws the runs of a measurement.
 *
 * @throws UsageError if there is no such pipeline, or no scenario with a single fault on it
 */
export async function reliabilityPlan(scenarios: Scenario[], wanted: Wanted): Promise<ReliabilityPlan> {
  const { runs, seed, budgetSeconds } = wanted;
  const pipeline = await loadPipeline(wanted.pipeline, wanted.layout);
  const candidates = candidatesFor(pipeline.name, scenarios).filter(
    ({ scenario }) => unsupportedReason(pipeline, scenario) === undefined,
  );
  if (candidates.length === 0)
    throw new UsageError(
      `nothing can be drawn for ${pipeline.name}: no scenario breaks a single thing of it; choose direct or kafka.`,
    );
  return {
    pipeline,
    claim: reliabilityClaims.find((claim) => claim.pipeline === pipeline.name),
    seed,
    scenarios: candidates.map(({ scenario }) => scenario.name),
    runs: drawRuns(candidates, runs, seed),
    budgetSeconds,
  };
}
