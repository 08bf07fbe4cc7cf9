import { limitsOf } from "./limits-of-trials.ts";
import { goalResult } from "./search/goal-result.ts";
import type { SearchGoal } from "./search/search-goal.ts";
import type { GoalFigures, Trial } from "./throughput-document.ts";

/** What the trials say about a goal, with the figures that a pipeline's trials have in addition. */
export function goalFigures(goal: SearchGoal, trials: readonly Trial[]): GoalFigures {
  const result = goalResult(goal, trials);
  const taken = trials.filter(
    ({ load, durationSeconds }) =>
      load === result.relevantLowerBound && durationSeconds >= goal.finalTrialSeconds,
  );
  const refused = trials.filter(({ load }) => load === result.relevantUpperBound);
  const rates = taken.map(arrivalRateOf);
  return {
    ...result,
    arrivalRate: rates.length === 0 ? null : Math.min(...rates),
    arrivalRatePerProcessor: leastOf(taken.map(ratePerProcessor)),
    limits: limitsOf(refused),
  };
}

/**
 * How many lines a second arrived in a trial. The lag is part of the time, because what arrives after the last write was not taken at the
 * rate at which it was written: a queue had grown meanwhile.
 */
export function arrivalRateOf({ forwardedLines, effectiveDurationSeconds, lagSeconds }: Trial): number {
  return forwardedLines / (effectiveDurationSeconds + (lagSeconds ?? 0));
}

function ratePerProcessor(trial: Trial): number | null {
  const used = Object.values(trial.processors.instances).reduce((sum, each) => sum + each, 0);
  return used === 0 ? null : arrivalRateOf(trial) / used;
}

function leastOf(rates: (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : Math.min(...known);
}
