/** The two-sided 95 % quantile of the standard normal distribution. */
const z = 1.959964;

/** The bounds, as shares from 0 to 1, between which the true share lies with 95 % confidence. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * The confidence interval of a share that was seen `successes` times in `trials` independent ones: Wilson's score interval (E. B.
 * Wilson, 1927), which stays within 0 and 1 and is meaningful for few trials and for trials without a failure (Brown, Cai, DasGupta:
 * Interval Estimation for a Binomial Proportion, 2001).
 *
 * @throws RangeError unless `trials` is at least 1 and `successes` within 0 and `trials`
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!(trials >= 1 && successes >= 0 && successes <= trials))
    throw new RangeError(`expected 0 to TRIALS successes in at least 1 trial, got ${successes} in ${trials}`);
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const middle = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  // At both ends the formula is exact, but floating point is not.
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === trials ? 1 : Math.min(1, middle + half),
  };
}
