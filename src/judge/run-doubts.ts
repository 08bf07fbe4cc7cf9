import { type Ledger, writtenIn } from "../load/ledger.ts";
import type { Plan } from "../plan/plan.ts";
import type { Observation } from "./observation.ts";
import { hasPartEnded } from "./proof-failure.ts";
import type { ReadingDoubt, Remark } from "./reasons.ts";
import type { Recorded } from "./recorded.ts";
import type { Recording } from "./recording.ts";
import { unreadAgain } from "./unread-again.ts";

/** Whether the run ended before the first fault, because its lines did not reach the sink, or its files differed from the user's. */
export function isUnproven(
  { startIsClaimed }: Pick<Plan, "startIsClaimed">,
  { proofFailure, differences }: Pick<Recorded, "proofFailure" | "differences">,
): boolean {
  const isClaimed = startIsClaimed && proofFailure !== null && hasPartEnded(proofFailure);
  return differences.length > 0 || (proofFailure !== null && !isClaimed);
}

/**
 * Why the counts of a run cannot be trusted: what went wrong during the run, and contradictions in what was observed.
 *
 * @param observations what was read; one empty observation if nothing was
 */
export function runDoubts(plan: Plan, recording: Recording, observations: Observation[]): ReadingDoubt[] {
  const { recorded, ledger, damage } = recording;
  const unseen = [...damage, ...observerDoubts(recorded)];
  if (isUnproven(plan, recorded)) return [...unseen, ...proofDoubts(recorded)];
  const { readFailure, settled, changes, sinkStartedAtMs } = recorded;
  const written = writtenIn(ledger);
  const isAllThere = observations.at(-1)!.deliveredCount() === written;
  const startedAtMs = sinkStartedAtMs ?? Number.POSITIVE_INFINITY;
  return [
    ...unseen,
    ...(readFailure === null ? [] : [{ code: "not-read", problem: readFailure } as const]),
    ...(isAllThere ? emptyHanded(recorded) : unsettled(settled)),
    ...(changes.length === 0 ? [] : [{ code: "stack-changed", changes } as const]),
    ...(plan.isControl ? [{ code: "control-run" } as const] : []),
    ...unreadAgain(ledger, recording.arrivals, recording.observations, startedAtMs),
    ...beyondKafka(ledger, recording, observations),
    ...varyingFrame(observations),
  ];
}

/** Further information for a verdict that is not `holds`, which is not a reason for it. */
export function runRemarks(plan: Plan, recorded: Recorded): Remark[] {
  const { unchecked, proofFailure, remarks } = recorded;
  if (isUnproven(plan, recorded)) return [];
  return [
    ...(unchecked > 0 ? [{ code: "files-unchecked", files: unchecked } as const] : []),
    ...(proofFailure === null ? [] : [{ code: "not-started", failure: proofFailure } as const]),
    ...remarks,
  ];
}

/** If an observer failed, it may have missed something that would have changed the verdict. */
function observerDoubts({ observers }: Recorded): ReadingDoubt[] {
  return observers.flatMap(({ observer, isGroundOfVerdict, failure }) =>
    isGroundOfVerdict && failure !== null
      ? [{ code: "observer-failed", observer, message: failure } as const]
      : [],
  );
}

function proofDoubts({ differences, proofFailure }: Recorded): ReadingDoubt[] {
  return [
    ...differences.map((difference) => ({ code: "other-file", difference }) as const),
    ...(proofFailure === null ? [] : [{ code: "not-proven", failure: proofFailure } as const]),
  ];
}

/** Missing lines may still have been in flight. */
function unsettled(settled: Recorded["settled"]): ReadingDoubt[] {
  if (settled?.why !== "deadline") return [];
  const { waitedMs, silentMs, isUnderWay } = settled;
  return [{ code: "not-settled", waitedMs, silentMs, isUnderWay }];
}

/** A sink that contains no line when it is killed cannot lose any, so the run tests nothing. */
function emptyHanded({ faults, readableAtKills }: Recorded): ReadingDoubt[] {
  const wereAllEffective = faults.every(({ effective }) => effective);
  if (!wereAllEffective || readableAtKills.length === 0) return [];
  return readableAtKills.some((readable) => readable > 0) ? [] : [{ code: "nothing-to-lose" }];
}

/** What is around each line, if it is not of the load, may be different for each line on purpose, or because something damaged it. */
function varyingFrame(observations: Observation[]): ReadingDoubt[] {
  const [one] = observations.flatMap(({ otherwise: { lines, first } }) =>
    first === undefined ? [] : [{ lines, first }],
  );
  return one === undefined ? [] : [{ code: "frame-varies", ...one }];
}

/** Every line passes through Kafka. If a line is in the sink but was not found in Kafka, a reading was incomplete. */
function beyondKafka(ledger: Ledger, { kafka }: Recording, observations: Observation[]): ReadingDoubt[] {
  if (kafka === undefined) return [];
  let lines = 0;
  for (const { source, written } of ledger.sources) {
    for (let sequence = 1; sequence <= written; sequence++) {
      if (kafka.observation.isDelivered(source, sequence)) continue;
      if (observations.some((observation) => observation.isDelivered(source, sequence))) lines++;
    }
  }
  return lines === 0 ? [] : [{ code: "beyond-kafka", lines }];
}
