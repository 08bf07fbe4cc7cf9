import { studentQuantile } from "../base/student-t.ts";

/** More blocks would say nothing more about a slope, and would be less independent of each other. */
const mostBlocks = 40;
const samplesPerBlock = 3;
/** With fewer blocks the correlation between them is not known well enough, and flat series are called rising too often. */
const leastBlocks = 30;
/** How many samples an interval needs at least. */
export const leastSamples = samplesPerBlock * leastBlocks;
/** However much blocks depend on each other, they count as so many, with one degree of freedom: only a nearly straight line has a slope then. */
const leastIndependent = 3;
/** What the blocks would be worth if each were nearly the same as the one before. */
const mostCorrelation = 0.99;

/** A value at a moment. */
export interface Sample {
  /** In hours, from any beginning. */
  at: number;
  value: number;
}

/** A straight line through samples. All figures are per hour, in the unit of the samples. */
export interface Trend {
  slope: number;
  /** Between which the slope is with the wanted confidence. */
  low: number;
  high: number;
  /** How many independent blocks the samples are worth. */
  independent: number;
}

/**
 * The trend of a series whose samples depend on those before. The time is divided into at most 40 blocks of equal length, and a straight
 * line is fitted to their means by least squares. The interval is Student's, with the number of blocks that would count as independent in
 * place of their number: n (1 - r) / (1 + r), where r is the correlation of each residual with the next. This is the "adjusted standard
 * error and adjusted degrees of freedom" of B. D. Santer et al., Statistical significance of trends and trend differences in
 * layer-average atmospheric temperature time series, J. Geophys. Res. 105 (2000), pages 7337-7356. The estimate of r from few blocks is too
 * low, and is raised by (1 + 4 r) / n (M. G. Kendall, Note on bias in the estimation of autocorrelation, Biometrika 41 (1954), page 403).
 *
 * @param samples in order of time; the whole time is from the first to the last
 * @param confidence of the two-sided interval, such as 0.95
 * @returns undefined if there are too few samples for a line
 */
export function trendOf(samples: readonly Sample[], confidence: number): Trend | undefined {
  const blocks = blocksOf(samples);
  if (blocks.length < leastBlocks) return undefined;
  const middle = meanOf(blocks.map(({ at }) => at));
  const mean = meanOf(blocks.map(({ value }) => value));
  const spread = sumOf(blocks.map(({ at }) => (at - middle) ** 2));
  const slope = sumOf(blocks.map(({ at, value }) => (at - middle) * (value - mean))) / spread;
  const residuals = blocks.map(({ at, value }) => value - mean - slope * (at - middle));
  const independent = independentOf(residuals);
  const freedom = independent - 2;
  const error = Math.sqrt(sumOf(residuals.map((residual) => residual ** 2)) / freedom / spread);
  const half = studentQuantile((1 + confidence) / 2, freedom) * error;
  return { slope, low: slope - half, high: slope + half, independent };
}

/** How many independent values some residuals are worth. */
function independentOf(residuals: readonly number[]): number {
  const count = residuals.length;
  const squares = sumOf(residuals.map((residual) => residual ** 2));
  if (squares === 0) return count;
  const products = residuals.slice(1).map((residual, index) => residual * residuals[index]!);
  const seen = sumOf(products) / squares;
  const raised = Math.min(mostCorrelation, Math.max(0, seen + (1 + 4 * seen) / count));
  return Math.max(leastIndependent, (count * (1 - raised)) / (1 + raised));
}

/** The means of equal parts of the time; parts without samples are left out. */
function blocksOf(samples: readonly Sample[]): Sample[] {
  const count = Math.min(mostBlocks, Math.floor(samples.length / samplesPerBlock));
  const from = samples[0]?.at ?? 0;
  const length = ((samples.at(-1)?.at ?? 0) - from) / count;
  if (count < leastBlocks || !(length > 0)) return [];
  const parts = Map.groupBy(samples, ({ at }) => Math.min(count - 1, Math.floor((at - from) / length)));
  return [...parts.values()].map((part) => ({
    at: meanOf(part.map(({ at }) => at)),
    value: meanOf(part.map(({ value }) => value)),
  }));
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
