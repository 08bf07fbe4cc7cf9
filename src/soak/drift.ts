import type { Verdict } from "../plan/verdict.ts";
import type { Drift, Finding, Quantity } from "./soak-document.ts";
import { leastSamples, type Sample, trendOf } from "./trend.ts";

const hoursPerDay = 24;
const secondsPerHour = 3_600;
/** Memory and descriptors that double in a day end any instance before long. */
const levelsPerDay = 1;
/** An instance may store a line in a log of its own, in its store, and in an index. */
const copiesOfLine = 3;
/** What an instance writes apart from lines, such as indexes and its own logs. */
const otherBytesPerDay = 2 ** 30;
/** A pipeline that is a minute behind after a day never catches up. */
const secondsBehindPerDay = 60;
/** Instances hold lines in memory for two hours at most, by the defaults of the known products; and then take some time to write them out. */
const longestHoldHours = 2.5;
const margin = 1.5;
/** What has not grown by so much while it was measured may be a small change that a short time makes look fast. */
const leastShareOfLevel = 0.25;
const leastSecondsBehind = 2;
const leastStoredBytes = 100e6;

/** The samples of one quantity, in bytes, descriptors or seconds; none if it was not measured. */
export interface Series {
  quantity: Quantity;
  /** Null for what is of the pipeline as a whole. */
  instance: string | null;
  samples: readonly Sample[];
}

/** What was written while the samples were taken. */
export interface Written {
  linesPerSecond: number;
  bytesPerLine: number;
  /** Whether the machine had no processors or disks left, so that lines came late whatever the pipeline did. */
  isMachineAtItsEnd: boolean;
}

/**
 * Judges the trend of one series. `broken` needs the whole interval to be above the bound, growth that is
 * not small, and for memory growth that is faster than lines were written, or seen for longer than lines are held. `holds` needs the whole interval to be below the bound.
 *
 * @param confidence of this interval; with several series it has to be higher than what is wanted of all together
 */
export function driftOf(
  { quantity, instance, samples }: Series,
  written: Written,
  confidence: number,
): Drift {
  const trend = trendOf(samples, confidence);
  const hours = samples.length === 0 ? 0 : samples.at(-1)!.at - samples[0]!.at;
  const level =
    samples.length === 0 ? null : samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
  const boundPerHour = level === null ? null : boundOf(quantity, level, written);
  const slack = quantity === "descriptors" && hours > 0 ? 1 / hours : 0;
  const low = trend === undefined ? null : trend.low - slack;
  const high = trend === undefined ? null : trend.high + slack;
  const leastPerHour = level === null || hours <= 0 ? null : leastGrowthOf(quantity, level) / hours;
  const finding = findingOf(quantity, { low, high, hours }, { boundPerHour, leastPerHour }, written);
  return {
    ...{ quantity, instance, samples: samples.length, level, boundPerHour, finding },
    slopePerHour: trend?.slope ?? null,
    lowPerHour: low,
    highPerHour: high,
    bytesPerLine: quantity === "disk" && trend !== undefined ? trend.slope / linesPerHour(written) : null,
    verdict: verdicts[finding],
    neededHours: neededHours(finding, { low, high, hours }, samples.length, boundPerHour),
  };
}

const verdicts: Record<Finding, Verdict> = {
  "no-drift": "holds",
  leak: "broken",
  "falls-behind": "broken",
  "machine-at-its-end": "unknown",
  "may-hold-lines": "unknown",
  "too-wide": "unknown",
  "too-few": "unknown",
  "not-measured": "unknown",
};

interface Interval {
  low: number | null;
  high: number | null;
  hours: number;
}

function boundOf(quantity: Quantity, level: number, written: Written): number {
  if (quantity === "lag" || quantity === "latency") return secondsBehindPerDay / hoursPerDay;
  if (quantity === "disk")
    return Math.max(copiesOfLine * bytesPerHour(written), otherBytesPerDay / hoursPerDay);
  return (levelsPerDay * level) / hoursPerDay;
}

function leastGrowthOf(quantity: Quantity, level: number): number {
  if (quantity === "lag" || quantity === "latency") return leastSecondsBehind;
  return quantity === "disk" ? leastStoredBytes : leastShareOfLevel * level;
}

function findingOf(
  quantity: Quantity,
  { low, high, hours }: Interval,
  { boundPerHour, leastPerHour }: { boundPerHour: number | null; leastPerHour: number | null },
  written: Written,
): Finding {
  if (boundPerHour === null) return "not-measured";
  if (low === null || high === null || leastPerHour === null) return "too-few";
  if (high < boundPerHour) return "no-drift";
  if (low <= Math.max(boundPerHour, leastPerHour)) return "too-wide";
  if (quantity === "lag" || quantity === "latency")
    return written.isMachineAtItsEnd ? "machine-at-its-end" : "falls-behind";
  const isExplained = hours < longestHoldHours && low <= bytesPerHour(written);
  return quantity === "memory" && isExplained ? "may-hold-lines" : "leak";
}

/** The interval of a slope narrows with the time to the power of 3/2. Half of the time is added, because a forecast may fall short. */
function neededHours(
  finding: Finding,
  { low, high, hours }: Interval,
  samples: number,
  bound: number | null,
): number | null {
  if (finding === "may-hold-lines") return longestHoldHours;
  if (hours <= 0 || bound === null) return null;
  if (finding === "too-few") return margin * hours * (leastSamples / samples);
  return finding === "too-wide" ? margin * hours * Math.max(1, (high! - low!) / 2 / bound) ** (2 / 3) : null;
}

function linesPerHour({ linesPerSecond }: Written): number {
  return linesPerSecond * secondsPerHour;
}

function bytesPerHour(written: Written): number {
  return linesPerHour(written) * written.bytesPerLine;
}
