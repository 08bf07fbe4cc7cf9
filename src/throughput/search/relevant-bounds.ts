import { classOfLoad } from "./load-classification.ts";
import type { SearchTarget } from "./search-target.ts";
import { byLoad, type TrialResult } from "./trial-result.ts";

/** What all trials together say, for one target. */
export interface RelevantBounds {
  /** The highest lower bound below the relevant upper bound, in lines per second; undefined if there is none. */
  lower: number | undefined;
  /** The lowest upper bound, in lines per second; undefined if there is none. */
  upper: number | undefined;
  /**
   * Loss inversion: the loads above the relevant upper bound that are lower bounds, although a lower load is not. They count for nothing,
   * because a system that takes them cannot be relied on to do so.
   */
  inverted: number[];
}

/** The relevant bounds of a target. They do not depend on the order of the trials. */
export function relevantBounds(results: readonly TrialResult[], target: SearchTarget): RelevantBounds {
  const loads = byLoad(results).map(([load, trials]) => ({ load, is: classOfLoad(trials, target) }));
  const upper = loads.find(({ is }) => is === "upper-bound")?.load;
  const lowers = loads.filter(({ is }) => is === "lower-bound").map(({ load }) => load);
  const isBelow = (load: number) => upper === undefined || load < upper;
  return { lower: lowers.findLast(isBelow), upper, inverted: lowers.filter((load) => !isBelow(load)) };
}

/** Whether the bounds are as close as the target wants: at most its width apart, as a share of the upper one. */
export function isWithinWidth({ lower, upper }: RelevantBounds, { width }: SearchTarget): boolean {
  return lower !== undefined && upper !== undefined && (upper - lower) / upper <= width;
}
