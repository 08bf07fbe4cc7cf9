import { classOfLoad } from "./load-classification.ts";
import { isWithinWidth, type RelevantBounds, relevantBounds } from "./relevant-bounds.ts";
import type { SearchTarget } from "./search-target.ts";
import { byLoad, type TrialResult, trialLossRatio } from "./trial-result.ts";

/** Between which loads a search looks, in whole lines per second. */
export interface LoadRange {
  /** Min Load. */
  minLoad: number;
  /** Max Load. */
  maxLoad: number;
  /** Where the search begins. */
  startLoad: number;
}

/** The bounds of the stage before, between which this stage looks first. */
export type Hint = Pick<RelevantBounds, "lower" | "upper">;

/** The largest factor between two loads while no bound is known on one side. */
const maxFactor = 2;
/** The largest factor down to what arrived: of a trial with a long lag, nothing may be known to have arrived in time. */
const maxFactorDown = 8;

/**
 * The load of the next trial for a target, in whole lines per second. A load that is undecided is tried again until it is decided. While there
 * is no bound on one side, the steps to that side grow; between two bounds, the load is in the middle of their logarithms.
 *
 * @returns undefined if the bounds are as close as the target wants, or the end of the range decides
 */
export function nextLoad(
  target: SearchTarget,
  results: readonly TrialResult[],
  range: LoadRange,
  hint: Hint | undefined,
): number | undefined {
  const bounds = relevantBounds(results, target);
  const { lower, upper } = bounds;
  if (lower !== undefined && upper !== undefined) {
    if (isWithinWidth(bounds, target) || upper - lower <= 1) return undefined;
    return undecidedIn(target, results, lower, upper) ?? middleOf(lower, upper);
  }
  if (lower !== undefined && lower >= range.maxLoad) return undefined;
  if (upper !== undefined && upper <= range.minLoad) return undefined;
  const begun = undecidedIn(target, results, lower ?? range.minLoad - 1, upper ?? range.maxLoad + 1);
  if (begun !== undefined) return begun;
  const factor = hint === undefined ? maxFactor : grownFactor(target, results);
  if (lower !== undefined) return above(lower, factor, range, hint?.upper);
  if (upper !== undefined) return below(upper, factor, range, hint?.lower, results);
  return hint?.lower ?? hint?.upper ?? range.startLoad;
}

/** The lowest load between two others that was tried at full length and is not decided. */
function undecidedIn(
  target: SearchTarget,
  results: readonly TrialResult[],
  lower: number,
  upper: number,
): number | undefined {
  const found = byLoad(results).find(
    ([load, trials]) =>
      load > lower &&
      load < upper &&
      trials.some(({ durationSeconds }) => durationSeconds >= target.trialSeconds) &&
      classOfLoad(trials, target) === "undecided",
  );
  return found?.[0];
}

function middleOf(lower: number, upper: number): number {
  return Math.min(upper - 1, Math.max(lower + 1, Math.round(Math.sqrt(lower * upper))));
}

/** The width of the target, squared with each load that is decided. */
function grownFactor(target: SearchTarget, results: readonly TrialResult[]): number {
  const decided = byLoad(results).filter(([, trials]) => classOfLoad(trials, target) !== "undecided").length;
  return Math.min(maxFactor, (1 - target.width) ** -(2 ** Math.max(0, decided - 1)));
}

function above(lower: number, factor: number, { maxLoad }: LoadRange, wanted: number | undefined): number {
  if (wanted !== undefined && wanted > lower) return wanted;
  return Math.min(maxLoad, Math.max(lower + 1, Math.round(lower * factor)));
}

/** Not further up than what arrived of the upper bound's lines: what is too much for a system shows best what it can take. */
function below(
  upper: number,
  factor: number,
  { minLoad }: LoadRange,
  wanted: number | undefined,
  results: readonly TrialResult[],
): number {
  if (wanted !== undefined && wanted < upper) return wanted;
  const losses = results.filter(({ load }) => load === upper).map(trialLossRatio);
  const forwarded = upper * Math.max(1 / maxFactorDown, 1 - Math.max(...losses));
  return Math.max(minLoad, Math.min(upper - 1, Math.floor(Math.min(upper / factor, forwarded))));
}
