import { conditionalThroughput } from "./conditional-throughput.ts";
import { isWithinWidth, relevantBounds } from "./relevant-bounds.ts";
import type { SearchGoal } from "./search-goal.ts";
import { finalTarget } from "./search-target.ts";
import type { TrialResult } from "./trial-result.ts";

/**
 * Why a result is irregular: the highest load is a lower bound, so that nothing is known above it; the lowest load is none; or the search ended
 * before the bounds were close enough.
 */
type Irregularity = "no-upper-bound" | "no-lower-bound" | "width-not-reached";

/** Goal Result: what a search has found for a goal. Loads are in lines per second. */
export interface GoalResult {
  goal: SearchGoal;
  /** Relevant Lower Bound; null if there is none. */
  relevantLowerBound: number | null;
  /** Relevant Upper Bound; null if there is none. */
  relevantUpperBound: number | null;
  /** Conditional Throughput; null if there is no lower bound. */
  conditionalThroughput: number | null;
  /** Empty for a Regular Goal Result. */
  irregular: Irregularity[];
  /** The loads above the upper bound that are lower bounds by themselves. */
  lossInversions: number[];
}

/** What all trials together say about a goal. */
export function goalResult(goal: SearchGoal, results: readonly TrialResult[]): GoalResult {
  const target = finalTarget(goal);
  const bounds = relevantBounds(results, target);
  const { lower, upper, inverted } = bounds;
  const isNarrow = isWithinWidth(bounds, target);
  const irregular = [
    lower === undefined && "no-lower-bound",
    upper === undefined && "no-upper-bound",
    lower !== undefined && upper !== undefined && !isNarrow && upper - lower > 1 && "width-not-reached",
  ].filter((each) => each !== false) as Irregularity[];
  return {
    goal,
    relevantLowerBound: lower ?? null,
    relevantUpperBound: upper ?? null,
    conditionalThroughput:
      lower === undefined
        ? null
        : conditionalThroughput(
            results.filter(({ load }) => load === lower),
            target,
          ),
    irregular,
    lossInversions: inverted,
  };
}
