import type { SearchTarget } from "./search-target.ts";
import { type TrialResult, trialLossRatio } from "./trial-result.ts";

/** A rest this small, as a share of all seconds, is the rounding error of a sum, and no time that trials are missing for. */
const rounding = 1e-9;

/**
 * Conditional Throughput at the relevant lower bound, in lines per second, as the draft's appendix computes it: the load without the loss
 * ratio that as large a part of the duration sum may exceed as the exceed ratio says. Full-length trials that are missing count as if they
 * had lost everything.
 *
 * @param trials those at the relevant lower bound
 */
export function conditionalThroughput(trials: readonly TrialResult[], target: SearchTarget): number {
  const { trialSeconds, durationSumSeconds, exceedRatio } = target;
  const fullLength = trials
    .filter(({ durationSeconds }) => durationSeconds >= trialSeconds)
    .toSorted((one, other) => trialLossRatio(one) - trialLossRatio(other));
  const wholeSeconds = fullLength.reduce((sum, trial) => sum + trial.effectiveDurationSeconds, 0);
  const allSeconds = Math.max(durationSumSeconds, wholeSeconds);
  let remainingSeconds = allSeconds * (1 - exceedRatio - rounding);
  let quantile: number | undefined;
  for (const trial of fullLength) {
    if (quantile !== undefined && remainingSeconds <= 0) break;
    quantile = trialLossRatio(trial);
    remainingSeconds -= trial.effectiveDurationSeconds;
  }
  if (remainingSeconds > 0 || quantile === undefined) quantile = 1;
  return (trials[0]?.load ?? 0) * (1 - quantile);
}
