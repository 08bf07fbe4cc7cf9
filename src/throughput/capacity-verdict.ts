import type { Verdict } from "../plan/verdict.ts";
import type { CapacityClaim } from "./capacity-claims.ts";
import { arrivalRateOf } from "./goal-figures.ts";
import { isMachineAtItsEnd, isThreadAtItsEnd } from "./limits-of-trials.ts";
import { classOfLoad } from "./search/load-classification.ts";
import { relevantBounds } from "./search/relevant-bounds.ts";
import type { SearchGoal } from "./search/search-goal.ts";
import { finalTarget } from "./search/search-target.ts";
import type { Trial, VerdictReason } from "./throughput-document.ts";

/**
 * Whether a claimed rate was taken, by the trials at that rate or above. `holds` needs a rate that was taken and at which lines arrived at
 * least as fast as claimed, lag included. `broken` needs the claimed rate itself to have been tried, on a machine that had processors left, and
 * with no instance that may have been held up by the speed of one of them.
 * Nothing is concluded from other rates.
 */
export function capacityVerdict(
  claim: CapacityClaim | undefined,
  goal: SearchGoal,
  trials: readonly Trial[],
): { verdict: Verdict; why: VerdictReason } {
  if (claim === undefined) return { verdict: "unknown", why: "no-claim" };
  const target = finalTarget(goal);
  const { lower } = relevantBounds(trials, target);
  if (lower !== undefined && lower >= claim.linesPerSecond && isTaken(claim, goal, trials, lower))
    return { verdict: "holds", why: "taken" };
  const atClaim = trials.filter(({ load }) => load === claim.linesPerSecond);
  if (atClaim.length === 0) return { verdict: "unknown", why: "not-tried" };
  if (classOfLoad(atClaim, target) !== "upper-bound") return { verdict: "unknown", why: "undecided" };
  if (atClaim.some(isMachineAtItsEnd)) return { verdict: "unknown", why: "machine-at-its-end" };
  if (atClaim.some(isThreadAtItsEnd)) return { verdict: "unknown", why: "thread-at-its-end" };
  return { verdict: "broken", why: "not-taken" };
}

/** Whether lines arrived fast enough in every full-length trial at the relevant lower bound. */
function isTaken(
  { linesPerSecond }: CapacityClaim,
  { finalTrialSeconds }: SearchGoal,
  trials: readonly Trial[],
  lower: number,
): boolean {
  return trials
    .filter(({ load, durationSeconds }) => load === lower && durationSeconds >= finalTrialSeconds)
    .every((trial) => arrivalRateOf(trial) >= linesPerSecond);
}
