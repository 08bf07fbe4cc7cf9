import type { SearchTarget } from "./search-target.ts";
import { type TrialResult, trialLossRatio } from "./trial-result.ts";

/** What the trials at a load say about it: that it can be taken, that it cannot, or that more trials are needed. */
export type LoadClass = "lower-bound" | "upper-bound" | "undecided";

/** How long the trials at one load lasted, in seconds, by what they were. */
interface DurationSums {
  fullLengthLowLoss: number;
  fullLengthHighLoss: number;
  shortLowLoss: number;
  shortHighLoss: number;
}

/**
 * Load Classification, as the draft's appendix computes it. A load is a lower bound if it is one even when every trial that is still missing
 * were high-loss (the pessimistic estimate), and an upper bound if it is one even when every missing trial were low-loss (the optimistic one).
 * Shorter trials than the target's count only with what their losses exceed.
 *
 * @param trials those at this load
 */
export function classOfLoad(trials: readonly TrialResult[], target: SearchTarget): LoadClass {
  const { fullLengthLowLoss, fullLengthHighLoss, shortLowLoss, shortHighLoss } = sumsOf(trials, target);
  const { exceedRatio, durationSumSeconds } = target;
  const balancing = (shortLowLoss * exceedRatio) / (1 - exceedRatio);
  const effectiveHighLoss = fullLengthHighLoss + Math.max(0, shortHighLoss - balancing);
  const effectiveWhole = Math.max(fullLengthLowLoss + effectiveHighLoss, durationSumSeconds);
  const allowed = effectiveWhole * exceedRatio;
  const isLowerByOptimistic = effectiveHighLoss <= allowed;
  const isLowerByPessimistic = effectiveWhole - fullLengthLowLoss <= allowed;
  if (isLowerByOptimistic !== isLowerByPessimistic) return "undecided";
  return isLowerByOptimistic ? "lower-bound" : "upper-bound";
}

function sumsOf(trials: readonly TrialResult[], { trialSeconds, lossRatio }: SearchTarget): DurationSums {
  const sums = { fullLengthLowLoss: 0, fullLengthHighLoss: 0, shortLowLoss: 0, shortHighLoss: 0 };
  for (const trial of trials) {
    const length = trial.durationSeconds >= trialSeconds ? "fullLength" : "short";
    const loss = trialLossRatio(trial) > lossRatio ? "HighLoss" : "LowLoss";
    sums[`${length}${loss}`] += trial.effectiveDurationSeconds;
  }
  return sums;
}
