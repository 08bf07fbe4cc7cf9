import type { Interval } from "./proportion.ts";

/** A pair of measured numbers. */
export type Point = readonly [x: number, y: number];

/** A straight line through measured points, and what its intervals are made from. */
export interface StraightLine {
  intercept: number;
  slope: number;
  points: number;
  /** The standard deviation of the points around the line, estimated with two degrees of freedom fewer than there are points. */
  deviation: number;
  /** The mean of x, and the sum of the squared distances from it. */
  meanX: number;
  spreadX: number;
}

/** The two-sided 95 % quantiles of Student's t distribution for 1 to 30 degrees of freedom. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * The straight line through points by ordinary least squares.
 *
 * @throws RangeError unless there are three points at least, of two different x
 */
export function straightLine(points: readonly Point[]): StraightLine {
  const count = points.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spreadX = sum(points.map(([x]) => (x - meanX) ** 2));
  if (count < 3 || !(spreadX > 0))
    throw new RangeError(`expected three points at least, of two different x, got ${JSON.stringify(points)}`);
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spreadX;
  const intercept = meanY - slope * meanX;
  const squares = sum(points.map(([x, y]) => (y - intercept - slope * x) ** 2));
  return { intercept, slope, points: count, deviation: Math.sqrt(squares / (count - 2)), meanX, spreadX };
}

/** The y of a line at an x. */
export function heightAt({ intercept, slope }: StraightLine, x: number): number {
  return intercept + slope * x;
}

/**
 * Between which bounds one more point at an x lies with 95 % confidence: the prediction interval of simple linear regression by Student's t
 * (N. R. Draper, H. Smith: Applied Regression Analysis, 1998, section 3.1). It supposes that points scatter around the line independently
 * and equally.
 */
export function predictionAt(line: StraightLine, x: number): Interval {
  const { deviation, points, meanX, spreadX } = line;
  return around(heightAt(line, x), line, deviation * Math.sqrt(1 + 1 / points + (x - meanX) ** 2 / spreadX));
}

/** Between which bounds the slope lies with 95 % confidence, on the same suppositions. */
export function slopeInterval(line: StraightLine): Interval {
  return around(line.slope, line, line.deviation / Math.sqrt(line.spreadX));
}

/** Between which bounds the y at 0 lies with 95 % confidence, on the same suppositions. */
export function interceptInterval(line: StraightLine): Interval {
  const { deviation, points, meanX, spreadX } = line;
  return around(line.intercept, line, deviation * Math.sqrt(1 / points + meanX ** 2 / spreadX));
}

function around(middle: number, { points }: StraightLine, error: number): Interval {
  // The quantile of fewer degrees of freedom is larger, so an interval is never too narrow for want of a row in the table.
  const half = quantiles[Math.min(points - 2, quantiles.length) - 1]! * error;
  return { low: middle - half, high: middle + half };
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
