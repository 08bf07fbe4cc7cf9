import type { Ledger } from "../load/ledger.ts";
import { type Backoff, retryHorizon } from "../plan/retry-horizon.ts";
import { linesWrittenDuring } from "./assess.ts";
import type { FaultRecord } from "./run-document.ts";

/**
 * Adds to a fault's evidence how long it held, what was written meanwhile, and what an outage that stops the shipper has to be
 * compared with.
 *
 * @param backoff the shipper's, whose retries run while the fault holds; undefined where they do not, or it is not known
 */
export function withFigures(fault: FaultRecord, ledger: Ledger, backoff: Backoff | undefined): FaultRecord {
  if (fault.startedAt === fault.endedAt) return fault;
  const heldSeconds = (Date.parse(fault.endedAt) - Date.parse(fault.startedAt)) / 1_000;
  const lines = linesWrittenDuring(fault, ledger);
  const figures = `held ${heldSeconds.toFixed(2)} s, ${lines} lines written meanwhile`;
  const prediction = backoff ? `; ${describeHorizon(backoff)}` : "";
  return { ...fault, evidence: `${fault.evidence}; ${figures}${prediction}` };
}

function describeHorizon(backoff: Backoff): string {
  const horizon = retryHorizon(backoff);
  if (horizon === undefined) return "by its configuration the shipper never gives up";
  const [earliest, latest] = [horizon.earliestMs, horizon.latestMs].map((ms) => (ms / 1_000).toFixed(1));
  return `by its configuration the shipper gives up after ${earliest} to ${latest} s`;
}
