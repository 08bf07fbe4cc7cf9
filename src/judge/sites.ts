import { type Ledger, notWrittenBeforeMs } from "../load/ledger.ts";
import type { SequenceRange } from "./check.ts";
import { windowSeconds } from "./loss-window.ts";
import type { Observation } from "./observation.ts";
import type { Recorded, RecordedOffsets } from "./recorded.ts";
import type { FailoverRecording } from "./recording.ts";
import type { RunDocument } from "./run-document.ts";

/** What is needed to judge the loss of a site. */
export interface SitesEvidence {
  ledger: Ledger;
  /** When the first site was lost, in Unix milliseconds. */
  lostAtMs: number;
  recorded: NonNullable<Recorded["failover"]>;
  failover: FailoverRecording;
  /** Where the first site's topic ended after its return. */
  topicOffsets: RecordedOffsets;
  /** Everything that was readable in the second site at the end of the run. */
  final: Observation;
}

/**
 * Compares the acknowledged lines with those in the second site, which gives the recovery point and the lines that came back later.
 *
 * Which line a record contains is read from the topic of the first site after its return. If an acknowledged record is no longer there, or
 * was not there at the failover of one cluster over both sites, its line is not known. Then all lines that were written before the loss count
 * as acknowledged, which can make the recovery point only longer.
 */
export function judgeSites(evidence: SitesEvidence): NonNullable<RunDocument["sites"]> {
  const { ledger, lostAtMs, recorded, failover, topicOffsets, final } = evidence;
  const proofs = recorded.isOneCluster ? [recorded.offsets, topicOffsets] : [topicOffsets];
  const isComplete = proofs.every((offsets) => holdsAll(offsets, recorded.acknowledged));
  const missing = new Map<string, SequenceRange>();
  const sites = {
    rpoSeconds: 0 as number | null,
    isUpperBound: !isComplete,
    acknowledged: 0,
    missing: 0,
    returned: 0,
    unacknowledged: 0,
    unacknowledgedReturned: 0,
  };
  for (const source of ledger.sources) {
    const { source: name } = source;
    for (let sequence = 1; sequence <= source.written; sequence++) {
      // It may have been: the exact times of lines between two marks are not known.
      const wasWritten = (notWrittenBeforeMs(source, sequence) ?? Number.NEGATIVE_INFINITY) <= lostAtMs;
      const wasAcknowledged =
        failover.acknowledged.isDelivered(name, sequence) || (!isComplete && wasWritten);
      if (wasAcknowledged) sites.acknowledged++;
      if (failover.observation.isDelivered(name, sequence)) continue;
      const isBack = final.isDelivered(name, sequence) ? 1 : 0;
      if (wasAcknowledged) {
        missing.set(name, { source: name, from: missing.get(name)?.from ?? sequence, to: sequence });
        sites.missing++;
        sites.returned += isBack;
      } else if (wasWritten) {
        sites.unacknowledged++;
        sites.unacknowledgedReturned += isBack;
      }
    }
  }
  const rpoSeconds = windowSeconds(ledger, [...missing.values()]);
  return { ...sites, rpoSeconds: Number.isFinite(rpoSeconds) ? rpoSeconds : null };
}

function holdsAll(
  offsets: RecordedOffsets | null,
  ends: NonNullable<Recorded["failover"]>["acknowledged"],
): boolean {
  if (offsets === null) return false;
  return ends.every(({ partition, end }) =>
    offsets.some(
      (offset) => offset.partition === partition && offset.low === "0" && BigInt(offset.high) >= BigInt(end),
    ),
  );
}
