import { busiestOf } from "./limits-of-trials.ts";
import type { LatencyTrial, Overload, Trial } from "./throughput-document.ts";

/** The columns of `trialRow`. */
export const trialHead = [
  "trial",
  "lines/s",
  "s",
  "lost",
  "late",
  "lag",
  "duplicated",
  "refused",
  "processors busy",
  "most used by",
];

/** The columns of `latencyRow`. */
export const latencyHead = [
  "of the highest",
  "lines/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
  "max ms",
  "not seen",
  "written late",
];

/** The columns of `overloadRows`. */
export const overloadHead = [
  "lines/s",
  "written/s",
  "s",
  "lines",
  "delivered",
  "lost",
  "duplicated",
  "damaged",
  "processors busy",
];

/** Both parts of an overload as rows of a table. */
export function overloadRows({ over, after }: Overload): string[][] {
  return [over, after].map((part) => [
    ...[part.load, Math.round(part.writtenRate), part.durationSeconds, part.lines].map(String),
    ...[part.delivered, part.lost, part.duplicated, part.damaged].map(String),
    busyOf(part.processors),
  ]);
}

function busyOf({ busy }: Trial["processors"]): string {
  return `${(100 * busy).toFixed(0)} %`;
}

/** One trial as a row of a table. */
export function trialRow(trial: Trial): string[] {
  const { number, load, durationSeconds, lost, late, duplicated, refused, processors } = trial;
  const refusals = Object.values(refused).reduce((sum, lines) => sum + lines, 0);
  const most = busiestOf(processors);
  return [
    ...[number, load, durationSeconds, lost, late].map(String),
    lagOf(trial),
    ...[duplicated, refusals].map(String),
    busyOf(processors),
    most === undefined ? "-" : `${most[0]} ${most[1].toFixed(2)}`,
  ];
}

/** The latency at one rate as a row of a table: each figure from when the line was last looked for in vain to when it was seen. */
export function latencyRow({ share, load, writtenLate, unseen, atMost, atLeast }: LatencyTrial): string[] {
  const range = (of: "p50" | "p99" | "p999" | "max") =>
    atMost === null || atLeast === null ? "-" : `${atLeast[of]} to ${atMost[of]}`;
  const ranges = [range("p50"), range("p99"), range("p999"), range("max")];
  return [`${100 * share} %`, `${load}`, ...ranges, `${unseen}`, `${writtenLate}`];
}

/** After which lag every line of a trial was readable. */
export function lagOf({ lagSeconds }: Trial): string {
  return lagSeconds === null ? "-" : `${lagSeconds.toFixed(1)} s`;
}
