import type { Bounds } from "../pipeline/bounds.ts";
import type { Verdict } from "../plan/verdict.ts";
import type { Counts } from "./counts.ts";
import type { JudgedFault } from "./fault-record.ts";
import type { Breach, Doubt, ReadingDoubt, Reason, Reservation } from "./reasons.ts";

/** The length of the time in which lines were written that a lost site had acknowledged and the other site did not have. */
export interface RecoveryPoint {
  /** Null if it could not be measured. */
  rpoSeconds: number | null;
  /** Whether it is only an upper bound. */
  isUpperBound: boolean;
}

/** How the lines came that were written while a fault held. */
export interface Recovery {
  /** How long after the end of the last fault the last of those that were seen to arrive was, in seconds; null if none was. */
  seconds: number | null;
  /** How many of them came back and were not seen to arrive, so that it is not known when they did. */
  unseen: number;
  /** How long after the end of the last fault these had been read at the latest, in seconds; null if that is not known. */
  readBySeconds: number | null;
}

/** Everything on which a verdict is based. */
export interface Evidence {
  bounds: Bounds;
  counts: Counts;
  /** The longest time, over all sources, between the writes of the first and the last lost line; 0 if none is lost. */
  lostWindowSeconds: number;
  /** How old the youngest lost line was when the last fault ended; undefined if none is lost. */
  youngestLostSeconds: number | undefined;
  /** Undefined if no site was lost, or it could not be measured. */
  rpo: RecoveryPoint | undefined;
  /** Needed only if the claim promises a recovery time. */
  recovery?: Recovery | undefined;
  faults: Pick<JudgedFault, "effective" | "held">[];
  /** Why the counts cannot be trusted: a read that was cut off, a sentinel that never came. */
  doubts: ReadingDoubt[];
  /** Why `holds` cannot be trusted, although missing lines are known to be lost. */
  reservations: Reservation[];
  /** That no alert noticed a loss, in a run in which one is expected. */
  silence?: Silence | undefined;
  /** The alerts that did not do what the scenario makes them do. */
  missed?: readonly MissedAlert[] | undefined;
}

/** A loss that no alert noticed, with the number of rules that might have. */
export type Silence = Extract<Breach, { code: "silent-loss" }>;

/** An alert that did not do what the scenario makes it do. */
export type MissedAlert = Extract<Breach, { code: "alert-missed" }>;

/** What may be said of a promised recovery time that was not seen to be kept. */
type RecoveryReason = Extract<Reason, { code: "recovery-time" | "recovery-at-most" | "recovery-unmeasured" }>;

/** A verdict and what led to it; nothing for `holds`. */
export interface Judgement {
  verdict: Verdict;
  reasons: Reason[];
}

/** The bound of a claim that promises nothing about a count. */
const anyNumber = Number.POSITIVE_INFINITY;
/** A line may be seen so much later than it became readable: a look at the sink takes at most 5 s, and begins after the one before. */
const lookSeconds = 10;

/**
 * Compares the measurements of a run with the bounds of its claim. Pure.
 *
 * Corrupted, truncated, merged and unexpected lines break every claim. If there are doubts about the reading, missing lines do not count as
 * lost, because they may only not have been read. Duplicates and damaged lines were read, so they break the claim even then. If no bound is
 * broken, each doubt and each reservation, each fault that did not take effect, and a run without lines makes the verdict `unknown`.
 */
export function judge(evidence: Evidence): Judgement {
  const breaches = breachesOf(evidence);
  const doubts: Doubt[] = [...evidence.doubts, ...evidence.reservations, ...vacuityOf(evidence)];
  if (breaches.length > 0) return { verdict: "broken", reasons: [...breaches, ...doubts] };
  if (doubts.length > 0) return { verdict: "unknown", reasons: doubts };
  return { verdict: "holds", reasons: [] };
}

function breachesOf(evidence: Evidence): Breach[] {
  const { bounds, counts } = evidence;
  // If there are doubts, a missing line may only not have been read.
  const breaches = evidence.doubts.length === 0 ? lossBreachesOf(evidence) : [];
  const { duplicated: most = anyNumber } = bounds;
  if (counts.duplicated > most) breaches.push({ code: "duplicated", copies: counts.duplicated, most });
  for (const damage of ["corrupted", "truncated", "merged", "unexpected"] as const) {
    if (counts[damage] > 0) breaches.push({ code: "damaged", damage, lines: counts[damage] });
  }
  return [...breaches, ...(evidence.missed ?? [])];
}

function lossBreachesOf(evidence: Evidence): Breach[] {
  const { bounds, counts, lostWindowSeconds, youngestLostSeconds, rpo } = evidence;
  const breaches: Breach[] = [];
  const { lost, written } = counts;
  // The comparison is negated because a bound must be proven to be kept: any comparison with NaN is false, which must break the bound.
  const { lost: most = anyNumber, lostWindowSeconds: below, lostOlderThanSeconds: atLeast } = bounds;
  if (lost > most) breaches.push({ code: "lost", lines: lost, written, most });
  if (below !== undefined && !(lostWindowSeconds < below))
    breaches.push({ code: "lost-window", seconds: known(lostWindowSeconds), below });
  if (atLeast !== undefined && youngestLostSeconds !== undefined && !(youngestLostSeconds >= atLeast))
    breaches.push({ code: "lost-young", ageSeconds: known(youngestLostSeconds), atLeast });
  const exceeding = exceedingSeconds(rpo, bounds);
  if (exceeding !== undefined && !rpo!.isUpperBound)
    breaches.push({ code: "recovery-point", seconds: exceeding, below: bounds.rpoSeconds! });
  const recovery = recoveryReasonOf(evidence);
  if (recovery?.code === "recovery-time") breaches.push(recovery);
  if (evidence.silence !== undefined) breaches.push(evidence.silence);
  return breaches;
}

/** JSON cannot hold an infinite number. */
function known(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}

/** The recovery point in seconds if it reaches or exceeds the bound; undefined if it does not, or there is no bound. */
function exceedingSeconds(rpo: RecoveryPoint | undefined, bounds: Bounds): number | undefined {
  const seconds = rpo?.rpoSeconds ?? Number.NEGATIVE_INFINITY;
  return seconds >= (bounds.rpoSeconds ?? Number.POSITIVE_INFINITY) ? seconds : undefined;
}

/** What a promised recovery time comes to, if it was not kept or that is not known: a breach or a doubt. */
function recoveryReasonOf({ bounds, recovery }: Evidence): RecoveryReason | undefined {
  const { recoverySeconds: most } = bounds;
  if (most === undefined) return undefined;
  if (recovery === undefined || (recovery.seconds === null && recovery.unseen === 0))
    return { code: "recovery-unmeasured", lines: null };
  const { unseen, readBySeconds } = recovery;
  const seconds = recovery.seconds ?? 0;
  if (seconds > most + lookSeconds) return { code: "recovery-time", seconds, most };
  if (seconds > most) return { code: "recovery-at-most", seconds, most };
  const wasReadInTime = readBySeconds !== null && readBySeconds <= most;
  return unseen === 0 || wasReadInTime ? undefined : { code: "recovery-unmeasured", lines: unseen };
}

function vacuityOf(evidence: Evidence): Doubt[] {
  const { bounds, counts, rpo, faults } = evidence;
  const recovery = recoveryReasonOf(evidence);
  const doubts: Doubt[] = recovery === undefined || recovery.code === "recovery-time" ? [] : [recovery];
  const exceeding = exceedingSeconds(rpo, bounds);
  if (bounds.rpoSeconds !== undefined && (rpo?.rpoSeconds ?? null) === null)
    doubts.push({ code: "recovery-point-unmeasured" });
  else if (exceeding !== undefined && rpo!.isUpperBound)
    doubts.push({ code: "recovery-point-at-most", seconds: exceeding });
  if (counts.written === 0) doubts.push({ code: "nothing-written" });
  for (const [fault, { effective, held }] of faults.entries()) {
    if (!effective) doubts.push({ code: "fault-ineffective", fault });
    else if (held?.lines === 0) doubts.push({ code: "fault-without-lines", fault });
  }
  return doubts;
}
