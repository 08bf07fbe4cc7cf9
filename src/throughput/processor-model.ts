import { median } from "../base/median.ts";
import type { Interval } from "../base/proportion.ts";
import {
  heightAt,
  interceptInterval,
  type Point,
  predictionAt,
  type StraightLine,
  slopeInterval,
  straightLine,
} from "../base/straight-line.ts";
import type { CapacityClaim } from "./capacity-claims.ts";
import { arrivalRateOf } from "./goal-figures.ts";
import type { Estimate, ProcessorModel } from "./model-document.ts";
import { trialLossRatio } from "./search/trial-result.ts";
import type { Trial } from "./throughput-document.ts";

/** With fewer trials, a line is not worth its interval. */
const fewestTrials = 6;
/** How far the line through the lower rates may be from any trial of the higher ones, relative to what was measured. */
const errorBound = 0.2;
/** How many times the lowest rate of those that are fitted the highest of them has to be. */
const leastSpread = 1.5;
const million = 1_000_000;

/**
 * How many processors the instances of a pipeline use at which rate: a straight line, fitted by ordinary least squares to the trials that
 * were taken. The rate is the one at which lines arrived, lag included, because what has not arrived has not been paid for in full.
 *
 * Only trials of the same duration count: at 4,000 lines per second, trials of 5 s used a third more processors than those of 10 s.
 *
 * The line is used for rates above those of the trials, and so it is checked in the same way: the line through the lower half of the rates
 * has to foretell every trial of the upper half, which it has not seen, within 20 % (hold-out validation, as in T. Hastie, R. Tibshirani,
 * J. Friedman: The Elements of Statistical Learning, 2009, section 7.2). Then it is fitted to all of them. The intervals are those of simple
 * linear regression. Where the scatter grows with the rate, as that of processors does, they have the truth in 92 % of simulated searches
 * instead of 95 % (the property tests measure it); weights that do not fit the scatter bring this down to 76 %. Nothing is known beyond the highest rate that was tried.
 */
export function processorModel(
  trials: readonly Trial[],
  claim: Pick<CapacityClaim, "linesPerSecond"> | undefined,
): ProcessorModel {
  const instances = new Set(trials.flatMap(({ processors }) => Object.keys(processors.instances)));
  const usable = trials.filter((trial) => isUsable(trial, instances));
  const most = mostCommonDuration(usable);
  const points = usable
    .filter(({ durationSeconds }) => durationSeconds === most)
    .map(pointOf)
    .sort(byRate);
  const none = { trials: points.length, heldOut: null, line: null };
  if (points.length < fewestTrials) return { why: "too-few-trials", ...none };
  const middle = Math.ceil(points.length / 2);
  const [lower, upper] = [points.slice(0, middle), points.slice(middle)];
  if (!(lower.at(-1)![0] >= leastSpread * lower[0]![0])) return { why: "rates-too-close", ...none };
  const heldOut = errorsOf(straightLine(lower), upper);
  if (heldOut.largestError > errorBound) return { why: "not-foretold", ...none, heldOut };
  const line = straightLine(points);
  if (slopeInterval(line).low <= 0) return { why: "no-cost", ...none, heldOut };
  return {
    ...{ why: "foretold", trials: points.length, heldOut },
    line: {
      highestRate: points.at(-1)![0],
      fixedProcessors: estimate(line.intercept, interceptInterval(line)),
      secondsPerMillionLines: estimate(line.slope, slopeInterval(line), million),
      claimed: claim === undefined ? null : needOf(line, claim.linesPerSecond),
    },
  };
}

/** Whether a trial was taken, and the processors of every instance are known that were known in any trial. */
function isUsable(trial: Trial, instances: ReadonlySet<string>): boolean {
  const isKnown = instances.isSubsetOf(new Set(Object.keys(trial.processors.instances)));
  return isKnown && trialLossRatio(trial) === 0 && trial.lost === 0 && usedIn(trial) > 0;
}

/** The duration that most trials have; of several, the longest. */
function mostCommonDuration(trials: readonly Trial[]): number | undefined {
  const byDuration = Map.groupBy(trials, ({ durationSeconds }) => durationSeconds);
  const [first] = [...byDuration].sort(
    ([one, ofOne], [other, ofOther]) => ofOther.length - ofOne.length || other - one,
  );
  return first?.[0];
}

function pointOf(trial: Trial): Point {
  return [arrivalRateOf(trial), usedIn(trial)];
}

function usedIn({ processors }: Trial): number {
  return Object.values(processors.instances).reduce((sum, used) => sum + used, 0);
}

function byRate([one]: Point, [other]: Point): number {
  return one - other;
}

function errorsOf(line: StraightLine, points: readonly Point[]): NonNullable<ProcessorModel["heldOut"]> {
  const errors = points.map(([rate, used]) => Math.abs(heightAt(line, rate) - used) / used);
  return {
    trials: points.length,
    largestError: Math.max(...errors),
    medianError: median(errors)!,
    errorBound,
  };
}

function needOf(line: StraightLine, linesPerSecond: number): NonNullable<ProcessorModel["line"]>["claimed"] {
  return {
    linesPerSecond,
    processors: estimate(heightAt(line, linesPerSecond), predictionAt(line, linesPerSecond)),
  };
}

function estimate(value: number, { low, high }: Interval, scale = 1): Estimate {
  return { value: scale * value, least: scale * low, most: scale * high };
}
