import { describeDuration } from "../base/duration.ts";
import type { Bounds } from "../plan/claim.ts";
import type { Verdict } from "../plan/verdict.ts";
import type { Counts } from "./counts.ts";

/** What is known of one injected fault. */
export interface FaultEvidence {
  kind: string;
  target: string;
  effective: boolean;
  evidence: string;
  /** How many lines were written while it held; undefined for a fault that takes no time. */
  linesMeanwhile: number | undefined;
}

/** Over how long lines were written that a lost site had acknowledged and the other did not have. */
export interface RecoveryPoint {
  rpoSeconds: number;
  /** Whether it may be shorter in truth. */
  isUpperBound: boolean;
}

/** All that a verdict rests on. */
export interface Evidence {
  bounds: Bounds;
  counts: Counts;
  /** The longest time, over all sources, between the writes of the first and the last lost line; 0 if none is lost. */
  lostWindowSeconds: number;
  /** How old the youngest lost line was when the last fault ended; undefined if none is lost. */
  youngestLostSeconds: number | undefined;
  /** Undefined where no site was lost, or it could not be measured. */
  rpo: RecoveryPoint | undefined;
  faults: FaultEvidence[];
  /** Why the counts cannot be trusted, one reason a line: a read that was cut off, a sentinel that never came. */
  doubts: string[];
}

/** A verdict and what led to it, one sentence each; none for `holds`. */
export interface Judgement {
  verdict: Verdict;
  reasons: string[];
}

/** The bound that promises nothing. */
const anyNumber = Number.POSITIVE_INFINITY;

/**
 * Judges what was measured against what was promised. Pure.
 *
 * Corrupted, truncated, merged and unexpected lines break every claim. With doubts, what was not seen proves nothing, so losses
 * do not count, but what was seen does: a duplicate or a corrupted line breaks the claim still. Else every doubt, every fault
 * that did not take effect, and a run in which no line was written makes the verdict `unknown`.
 */
export function judge(evidence: Evidence): Judgement {
  const breaches = breachesOf(evidence);
  const doubts = [...evidence.doubts, ...vacuityOf(evidence)];
  if (breaches.length > 0) return { verdict: "broken", reasons: [...breaches, ...doubts] };
  if (doubts.length > 0) return { verdict: "unknown", reasons: doubts };
  return { verdict: "holds", reasons: [] };
}

function breachesOf(evidence: Evidence): string[] {
  const { bounds, counts, lostWindowSeconds, youngestLostSeconds, rpo, doubts } = evidence;
  const breaches: string[] = [];
  const { lost, written, duplicated } = counts;
  const isReadComplete = doubts.length === 0;
  // What is promised has to be so, not merely nothing else: no comparison with a time that is not a number comes true.
  const { lost: mostLost = anyNumber, duplicated: mostDuplicated = anyNumber } = bounds;
  if (isReadComplete && lost > mostLost) {
    breaches.push(`${lost} of ${written} lines were lost; ${atMost(mostLost)} may be.`);
  }
  if (
    isReadComplete &&
    bounds.lostWindowSeconds !== undefined &&
    !(lostWindowSeconds < bounds.lostWindowSeconds)
  ) {
    const seconds = lostWindowSeconds.toFixed(1);
    breaches.push(
      `Lines written over ${seconds} s were lost; only a window below ${bounds.lostWindowSeconds} s may be.`,
    );
  }
  if (
    isReadComplete &&
    bounds.lostOlderThanSeconds !== undefined &&
    youngestLostSeconds !== undefined &&
    !(youngestLostSeconds >= bounds.lostOlderThanSeconds)
  ) {
    // Rounded down: what is a moment too young must not read as old enough.
    const [age, bound] = [Math.floor(youngestLostSeconds), bounds.lostOlderThanSeconds].map(describeDuration);
    breaches.push(
      `A line that was ${age} old when the outage ended was lost; only older ones than ${bound} may be.`,
    );
  }
  if (isReadComplete && rpo !== undefined && !rpo.isUpperBound && exceeds(rpo, bounds)) {
    breaches.push(
      `Acknowledged lines written over ${rpo.rpoSeconds.toFixed(2)} s were missing in the second site; only a window below ${bounds.rpoSeconds} s may be.`,
    );
  }
  if (duplicated > mostDuplicated) {
    breaches.push(`${duplicated} surplus copies came back; ${atMost(mostDuplicated)} may.`);
  }
  for (const kind of ["corrupted", "truncated", "merged", "unexpected"] as const) {
    if (counts[kind] > 0) breaches.push(`${counts[kind]} lines came back ${kind}; none may.`);
  }
  return breaches;
}

function exceeds({ rpoSeconds }: RecoveryPoint, bounds: Bounds): boolean {
  return bounds.rpoSeconds !== undefined && rpoSeconds >= bounds.rpoSeconds;
}

function atMost(bound: number): string {
  return bound === 0 ? "none" : `at most ${bound}`;
}

function vacuityOf({ bounds, counts, rpo, faults }: Evidence): string[] {
  const reasons: string[] = [];
  if (bounds.rpoSeconds !== undefined && !Number.isFinite(rpo?.rpoSeconds))
    reasons.push("The recovery point could not be measured.");
  else if (rpo?.isUpperBound && exceeds(rpo, bounds))
    reasons.push(
      `The recovery point is known to be at most ${rpo.rpoSeconds.toFixed(2)} s only: which lines were acknowledged cannot be told.`,
    );
  if (counts.written === 0) reasons.push("No line was written.");
  for (const { kind, target, effective, evidence, linesMeanwhile } of faults) {
    if (!effective) reasons.push(`The fault ${kind} ${target} did not take effect: ${evidence}.`);
    else if (linesMeanwhile === 0) reasons.push(`No line was written while ${kind} ${target} held.`);
  }
  return reasons;
}
