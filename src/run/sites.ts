import { type Observation, observationFor } from "../judge/observation.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { type Ledger, notWrittenBeforeMs, writtenAtMs } from "../load/ledger.ts";
import type { TopicOffsets } from "../products/kafka-topic.ts";
import { recordsOf } from "./read-kafka.ts";

/** What a second site had when the first was lost and nothing more came. */
export interface Failover {
  /** All that was readable in the second site. */
  observation: Observation;
  /** Behind the last record of each partition that the first site's gateway had been told is stored. */
  acknowledged: ReadonlyMap<number, bigint>;
  /** Whether one Kafka cluster spans both sites. */
  isOneCluster: boolean;
  /** How far that cluster went; undefined if it did not tell. */
  offsets: TopicOffsets | undefined;
}

/** A batch that Kafka acknowledged, as the gateway logs it (`LOG_ACKNOWLEDGEMENTS`). */
interface Acknowledgement {
  msg: "acknowledged";
  partition: number;
  baseOffset: string;
  records: number;
}

/**
 * Behind the last acknowledged record of each partition.
 *
 * @param log what the gateway wrote, a JSON object a line; other lines are passed over
 */
export function acknowledgedEnds(log: string): Map<number, bigint> {
  const ends = new Map<number, bigint>();
  for (const line of log.split("\n")) {
    const acknowledgement = parseAcknowledgement(line);
    if (acknowledgement === undefined) continue;
    const { partition, baseOffset, records } = acknowledgement;
    const end = BigInt(baseOffset) + BigInt(records);
    if (end > (ends.get(partition) ?? 0n)) ends.set(partition, end);
  }
  return ends;
}

/** The last line of a process that was killed may be cut. */
function parseAcknowledgement(line: string): Acknowledgement | undefined {
  try {
    const parsed = JSON.parse(line) as Acknowledgement;
    return parsed.msg === "acknowledged" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What judging a failover takes, beside the failover itself. */
export interface SitesEvidence {
  ledger: Ledger;
  /** When the first site was lost, in Unix milliseconds. */
  lostAtMs: number;
  /** All that was readable in the second site at the very end. */
  final: Observation;
  /** The file of a complete reading of the first site's topic after its return. */
  topicFile: string;
  /** Where that topic ended. */
  topicOffsets: TopicOffsets;
}

/**
 * Compares what was acknowledged with what the second site had: the recovery point, and what came back later.
 *
 * Which line a record is, the topic of the first site tells after its return. Where an acknowledged record is no longer there, or in one
 * cluster over both sites was not there at the failover, nobody can say which line it was: then every line that was written before the
 * loss counts as acknowledged, which makes the recovery point longer and never shorter.
 */
export async function judgeSites(
  failover: Failover,
  evidence: SitesEvidence,
): Promise<NonNullable<RunDocument["sites"]>> {
  const { ledger, lostAtMs, final } = evidence;
  const proofs = failover.isOneCluster ? [failover.offsets, evidence.topicOffsets] : [evidence.topicOffsets];
  const isComplete = proofs.every((offsets) => holdsAll(offsets, failover.acknowledged));
  const acknowledged = observationFor(ledger);
  for await (const { partition, offset, line } of recordsOf(evidence.topicFile)) {
    if (BigInt(offset) < (failover.acknowledged.get(partition) ?? 0n)) acknowledged.add(line);
  }
  const sites = {
    rpoSeconds: 0,
    isUpperBound: !isComplete,
    acknowledged: 0,
    missing: 0,
    returned: 0,
    unacknowledged: 0,
    unacknowledgedReturned: 0,
  };
  for (const source of ledger.sources) {
    let first: number | undefined;
    let last = 0;
    for (let sequence = 1; sequence <= source.written; sequence++) {
      // Perhaps: of the lines between two marks nobody can say when each was.
      const wasWritten = (notWrittenBeforeMs(source, sequence) ?? Number.NEGATIVE_INFINITY) <= lostAtMs;
      const wasAcknowledged =
        acknowledged.isDelivered(source.source, sequence) || (!isComplete && wasWritten);
      if (wasAcknowledged) sites.acknowledged++;
      if (failover.observation.isDelivered(source.source, sequence)) continue;
      const isBack = final.isDelivered(source.source, sequence) ? 1 : 0;
      if (wasAcknowledged) {
        first ??= sequence;
        last = sequence;
        sites.missing++;
        sites.returned += isBack;
      } else if (wasWritten) {
        sites.unacknowledged++;
        sites.unacknowledgedReturned += isBack;
      }
    }
    if (first !== undefined) {
      // From before the first missing line to after the last: never too short.
      const fromMs = notWrittenBeforeMs(source, first) ?? Number.NaN;
      const toMs = writtenAtMs(source, last) ?? Number.NaN;
      sites.rpoSeconds = Math.max(sites.rpoSeconds, (toMs - fromMs) / 1_000);
    }
  }
  return sites;
}

function holdsAll(offsets: TopicOffsets | undefined, ends: ReadonlyMap<number, bigint>): boolean {
  if (offsets === undefined) return false;
  return [...ends].every(([partition, end]) =>
    offsets.some((offset) => offset.partition === partition && offset.low === 0n && offset.high >= end),
  );
}
