import type { Interval } from "./proportion.ts";
import { studentQuantile } from "./student-t.ts";

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

/** Of a two-sided interval of 95 %. */
const probability = 0.975;

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
  const half = studentQuantile(probability, points - 2) * error;
  return { low: middle - half, high: middle + half };
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
