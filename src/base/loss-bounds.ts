/** The bounds of a mean are searched for this often, each time in half of what is left. */
const halvings = 60;

/**
 * A lower bound of the mean of independent, equally distributed values from 0 to 1, which is too high with a probability of at most 1 -
 * `confidence`, whatever the distribution and however few the values. It is the bound by betting of Waudby-Smith and Ramdas (Estimating means
 * of bounded random variables by betting, Journal of the Royal Statistical Society B, 2024): if the mean is at most m, the capital of a
 * gambler who stakes a fixed share c of it on each value, which the value divided by m repays, has an expectation of at most 1 in the end; by
 * Markov's inequality it exceeds 1 / (1 - `confidence`) too rarely. The capital is the average over several shares c, of which staking
 * everything has half of the weight, because most values are 1, or most are 0. Where no value is below 1 it is an exact binomial bound, but
 * for that weight; Hoeffding's and Maurer and Pontil's bounds are far wider for a few dozen values.
 *
 * @throws RangeError if there is no value, or one is not from 0 to 1
 */
export function lowerMeanBound(values: readonly number[], confidence: number): number {
  if (values.length === 0 || !values.every((value) => value >= 0 && value <= 1))
    throw new RangeError(`expected values from 0 to 1, got ${values.join(", ") || "none"}`);
  const rejects = (mean: number) => capitalAgainst(mean, values) >= 1 / (1 - confidence);
  return lastWhere(rejects);
}

/** The corresponding upper bound: 1 less the lower bound of how much each value is below 1. */
export function upperMeanBound(values: readonly number[], confidence: number): number {
  return (
    1 -
    lowerMeanBound(
      values.map((value) => 1 - value),
      confidence,
    )
  );
}

const partialStakes = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What a gambler has in the end who began with 1. It falls as the mean grows. */
export function capitalAgainst(mean: number, values: readonly number[]): number {
  return averaged((stake) =>
    values.reduce((capital, value) => capital * (1 - stake + (stake * value) / mean), 1),
  );
}

/** Whether the lower bound of the mean of so many values, all of them 1, is at or above a mean. */
export function boundOfOnesReaches(mean: number, count: number, confidence: number): boolean {
  return averaged((stake) => (1 - stake + stake / mean) ** count) >= 1 / (1 - confidence);
}

function averaged(withStake: (stake: number) => number): number {
  const partial = partialStakes.reduce((sum, stake) => sum + withStake(stake), 0) / partialStakes.length;
  return (withStake(1) + partial) / 2;
}

/**
 * The exact one-sided bounds of a share that was seen `successes` times in `trials` independent ones (Clopper and Pearson, The use of
 * confidence or fiducial limits illustrated in the case of the binomial, Biometrika, 1934). Each is wrong with a probability of at most
 * 1 - `confidence`.
 *
 * @throws RangeError unless `trials` is at least 1 and `successes` within 0 and `trials`
 */
export function exactShareBounds(
  successes: number,
  trials: number,
  confidence: number,
): { low: number; high: number } {
  if (!(trials >= 1 && successes >= 0 && successes <= trials))
    throw new RangeError(`expected 0 to TRIALS successes in at least 1 trial, got ${successes} in ${trials}`);
  const tooRare = (share: number) => atLeast(successes, trials, share) <= 1 - confidence;
  const tooOften = (share: number) => atLeast(trials - successes, trials, share) <= 1 - confidence;
  return {
    low: successes === 0 ? 0 : lastWhere(tooRare),
    high: successes === trials ? 1 : 1 - lastWhere(tooOften),
  };
}

/** The probability of at least `least` successes in `trials`. */
function atLeast(least: number, trials: number, share: number): number {
  let sum = 0;
  let logOfWays = 0;
  for (let successes = 0; successes <= trials; successes++) {
    if (successes > 0) logOfWays += Math.log((trials - successes + 1) / successes);
    if (successes < least) continue;
    sum += Math.exp(logOfWays + successes * Math.log(share) + (trials - successes) * Math.log1p(-share));
  }
  return sum;
}

/** The largest number between 0 and 1, up to rounding, for which something holds that holds for all smaller ones; 0 if there is none. */
function lastWhere(holds: (number: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
