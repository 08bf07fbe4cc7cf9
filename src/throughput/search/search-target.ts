import type { SearchGoal } from "./search-goal.ts";

/** What decides about a load: a goal, or a coarser stage on the way to it. */
export interface SearchTarget {
  /** A trial that lasts at least this long is full-length, in seconds. */
  trialSeconds: number;
  durationSumSeconds: number;
  lossRatio: number;
  exceedRatio: number;
  width: number;
}

/** How many widths of the goal the bounds of the first stage may be apart. */
const coarseness = 2;

/** The stages towards a goal: short trials to find out where to look, if the goal's own are longer, and then the goal itself. */
export function targetsOf(goal: SearchGoal): SearchTarget[] {
  const { initialTrialSeconds, finalTrialSeconds, durationSumSeconds, lossRatio, exceedRatio, width } = goal;
  const final = { trialSeconds: finalTrialSeconds, durationSumSeconds, lossRatio, exceedRatio, width };
  if (initialTrialSeconds >= durationSumSeconds) return [final];
  const coarse = {
    ...final,
    trialSeconds: initialTrialSeconds,
    durationSumSeconds: initialTrialSeconds,
    width: 1 - (1 - width) ** coarseness,
  };
  return [coarse, final];
}

/** The stage in which a goal itself decides. */
export function finalTarget(goal: SearchGoal): SearchTarget {
  return targetsOf(goal).at(-1)!;
}
