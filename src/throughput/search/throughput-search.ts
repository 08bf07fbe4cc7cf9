import { type GoalResult, goalResult } from "./goal-result.ts";
import { type Hint, type LoadRange, nextLoad } from "./next-load.ts";
import { relevantBounds } from "./relevant-bounds.ts";
import type { SearchGoal } from "./search-goal.ts";
import { type SearchTarget, targetsOf } from "./search-target.ts";
import type { TrialInput, TrialResult } from "./trial-result.ts";

/** Between which loads a search looks, and when it ends in any case. */
export interface SearchLimits extends LoadRange {
  maxTrials: number;
  /** How long all trials together may take with everything around them; no trial begins later. */
  maxSeconds: number;
}

/** What a search has found by all its trials, and why it ended: every goal was reached, or it was not allowed another trial. */
export interface SearchResult<Result extends TrialResult = TrialResult> {
  ended: "goals-reached" | "trials" | "time";
  trials: Result[];
  goals: GoalResult[];
}

/** The stages of one goal, and the one at which the search is. */
class Stages {
  readonly #targets: SearchTarget[];
  #hint: Hint | undefined;

  constructor(goal: SearchGoal) {
    this.#targets = targetsOf(goal);
  }

  /** The next trial for the goal; undefined if it is reached. The last stage is asked again, because trials for other goals may change it. */
  next(results: readonly TrialResult[], range: LoadRange): TrialInput | undefined {
    for (;;) {
      const target = this.#targets[0]!;
      const load = nextLoad(target, results, range, this.#hint);
      if (load !== undefined) return { load, durationSeconds: target.trialSeconds };
      if (this.#targets.length === 1) return undefined;
      this.#hint = relevantBounds(results, target);
      this.#targets.shift();
    }
  }
}

/**
 * Looks for the highest load that a system takes, for one or more goals, by the method of draft-ietf-bmwg-mlrsearch-15. Every trial counts
 * for every goal. The search is pure but for the trials: it knows no clock, and time is what the trials say they took.
 *
 * @param measure carries out a trial; what it throws ends the search
 * @param known trials that were made before, which count like those of the search
 */
export async function searchThroughput<Result extends TrialResult>(
  goals: readonly SearchGoal[],
  limits: SearchLimits,
  measure: (trial: TrialInput) => Promise<Result>,
  known: readonly Result[] = [],
): Promise<SearchResult<Result>> {
  const trials = [...known];
  const stages = goals.map((goal) => new Stages(goal));
  const ended = (why: SearchResult["ended"]): SearchResult<Result> => ({
    ended: why,
    trials,
    goals: goals.map((goal) => goalResult(goal, trials)),
  });
  for (;;) {
    const next = nextOf(stages, trials, limits);
    if (next === undefined) return ended("goals-reached");
    if (trials.length >= limits.maxTrials) return ended("trials");
    const seconds = trials.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0);
    if (seconds >= limits.maxSeconds) return ended("time");
    trials.push(await measure(next));
  }
}

/** What the first goal that is not reached needs. */
function nextOf(
  stages: readonly Stages[],
  results: readonly TrialResult[],
  range: LoadRange,
): TrialInput | undefined {
  for (const goal of stages) {
    const next = goal.next(results, range);
    if (next !== undefined) return next;
  }
  return undefined;
}
