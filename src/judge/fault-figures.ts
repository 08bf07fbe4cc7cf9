import type { Ledger } from "../load/ledger.ts";
import { type Backoff, retryHorizon } from "../plan/retry-horizon.ts";
import { linesWrittenDuring } from "./assess.ts";
import type { FaultRecord } from "./run-document.ts";

/** Where the shipper pushes to, or what that waits for: while one of these is away, the shipper's retries run. */
const beyondShipper: Record<"direct" | "kafka", string[]> = {
  direct: ["loki", "shipper-loki"],
  kafka: ["gateway", "kafka", "kafka-pair", "shipper-gateway", "gateway-kafka"],
};

/**
 * Adds to a fault's evidence how long it held, what was written meanwhile, and what an outage that stops the shipper has to be
 * compared with.
 *
 * @param backoff the shipper's; undefined where it is not known
 */
export function withFigures(
  fault: FaultRecord,
  ledger: Ledger,
  backoff: Backoff | undefined,
  hasKafka: boolean,
): FaultRecord {
  if (fault.startedAt === fault.endedAt) return fault;
  const heldSeconds = (Date.parse(fault.endedAt) - Date.parse(fault.startedAt)) / 1_000;
  const lines = linesWrittenDuring(fault, ledger);
  const figures = `held ${heldSeconds.toFixed(2)} s, ${lines} lines written meanwhile`;
  // What is replaced by something else is away for a part of the time only.
  const stopsShipper =
    fault.kind !== "swap-image" && beyondShipper[hasKafka ? "kafka" : "direct"].includes(fault.target);
  const prediction = stopsShipper && backoff ? `; ${describeHorizon(backoff)}` : "";
  return { ...fault, evidence: `${fault.evidence}; ${figures}${prediction}` };
}

function describeHorizon(backoff: Backoff): string {
  const horizon = retryHorizon(backoff);
  if (horizon === undefined) return "by its configuration the shipper never gives up";
  const [earliest, latest] = [horizon.earliestMs, horizon.latestMs].map((ms) => (ms / 1_000).toFixed(1));
  return `by its configuration the shipper gives up after ${earliest} to ${latest} s`;
}
