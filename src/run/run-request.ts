import { randomSeed } from "../load/seed.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Place } from "../places/place.ts";
import type { Claim } from "../plan/claim.ts";
import type { Load, RunnableScenario } from "../plan/scenario.ts";
import type { JournalEvent } from "../store/journal.ts";
import { newRunId } from "../store/run-id.ts";

/** What to run. */
export interface RunRequest {
  runId: string;
  scenario: RunnableScenario;
  pipeline: Pipeline;
  claim: Claim;
  seed: string;
  /** Parts of the scenario's load to be used instead of its own. */
  load: Partial<Load>;
  /** Leaves the shipper's retry periods as the pipeline has them instead of scaling them down. */
  realTime: boolean;
  /** False for a control run: nothing is broken, and the verdict cannot be `holds`. */
  withFaults: boolean;
  /** How long lines that are still on their way are waited for instead of the pipeline's own bound. */
  settleSeconds?: number | undefined;
  /** Leaves the containers and the log files. */
  keep: boolean;
  reportsFolder: string;
  /** The arguments of `everyline` that repeat this run, for its report; none where it was not started by a command. */
  repeatWith?: string[];
}

/** What runs a row of the guarantees table as it stands: nothing chosen, nothing kept, and lines of a new seed. */
export function requestFor(
  row: Pick<RunRequest, "scenario" | "claim" | "pipeline">,
  reportsFolder: string,
): RunRequest {
  return {
    ...row,
    runId: newRunId(row.scenario.name),
    seed: randomSeed(),
    load: {},
    realTime: false,
    withFaults: true,
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
  /** What the final read goes through, given the sink's address; the address itself unless something is put between. */
  sinkFront?: (url: string) => Promise<string>;
}
