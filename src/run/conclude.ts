import type { Findings } from "../check/check.ts";
import type { Observation } from "../check/observation.ts";
import { placeLoss } from "../guarantees/place-loss.ts";
import type { Ledger } from "../load/ledger.ts";
import type { Arrivals } from "../read/arrivals.ts";
import { droppedInAll, type ShipperTotals } from "../read/shipper-counters.ts";
import type { FaultRecord, RunDocument } from "../report/run-document.ts";
import { assess } from "./assess.ts";
import type { RunRequest } from "./run.ts";
import { measureLatencies, outageSeconds, recoverySeconds } from "./timing.ts";

/** Everything a run found out. */
export interface Measured {
  ledger: Ledger;
  faults: FaultRecord[];
  /** One a completed reading. */
  observations: Observation[];
  /** Why the counts cannot be trusted. */
  doubts: string[];
  /** What belongs to a verdict that is not `holds` without leading to it. */
  remarks: string[];
  arrivals: Arrivals;
  shipper: ShipperTotals;
  images: RunDocument["images"];
  environment: RunDocument["environment"];
  seconds: { up: number; load: number; read: number; total: number };
}

/** Judges what a run found out and puts it into the form that reports are made of. */
export function conclude(request: RunRequest, measured: Measured): RunDocument {
  const { ledger, faults, arrivals, seconds } = measured;
  const { claim } = request;
  const { latencyMs, late } = measureLatencies(ledger, arrivals, claim.bounds.lateAfterSeconds);
  const { findings, judgement } = assess({ ...measured, bounds: claim.bounds, late });
  const hop = hopOf(findings, measured);
  return {
    schema: "everyline/run@1",
    runId: request.runId,
    scenario: request.scenario.name,
    pipeline: request.pipeline.name,
    seed: request.seed,
    verdict: judgement.verdict,
    reasons: judgement.verdict === "holds" ? [] : [...judgement.reasons, ...measured.remarks],
    claim: { id: claim.id, text: claim.text, bounds: claim.bounds },
    counts: findings.counts,
    lost: findings.lost.map((range) => ({ ...range, hop })),
    timings: {
      upSeconds: rounded(seconds.up),
      loadSeconds: rounded(seconds.load),
      outageSeconds: rounded(outageSeconds(faults)),
      recoverySeconds: recoverySeconds(ledger, arrivals, faults),
      readSeconds: rounded(seconds.read),
      totalSeconds: rounded(seconds.total),
    },
    latencyMs,
    faults,
    images: measured.images,
    environment: measured.environment,
  };
}

function hopOf({ counts }: Findings, { ledger, shipper, faults }: Measured): string {
  const sentinels = ledger.sources.length;
  return placeLoss({
    written: counts.written + sentinels,
    lost: counts.lost,
    read: shipper.read,
    dropped: droppedInAll(shipper),
    sent: shipper.sent,
    held: counts.delivered + counts.duplicated + sentinels,
    shipperWasEnded: faults.some(({ target }) => target === "shipper"),
  });
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
