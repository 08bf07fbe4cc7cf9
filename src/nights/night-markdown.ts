import { describeDuration } from "../base/duration.ts";
import type { Interval } from "../base/proportion.ts";
import { countOf, describeBounds, describeSeconds } from "../report/describe.ts";
import { row } from "../report/markdown.ts";
import { describeMeasured, type Matrix, matrixOf } from "../report/matrix.ts";
import { describeCell } from "../report/matrix-markdown.ts";
import type { NightReport, RowReport, RowState, Trend } from "./night.ts";

const maxListed = 20;
const troubling: readonly RowState[] = ["worse than known", "unknown", "better than known"];

/** Whether a row needs attention. */
export function isTroubling({ state }: RowReport): boolean {
  return troubling.includes(state);
}

/** A night on one page: first the rows that need attention, then every row, collapsed. */
export function renderNightMarkdown(report: NightReport): string {
  const sections = [
    `# ${titleOf(report)}`,
    summaryOf(report),
    troubleIn(report),
    changesIn(report),
    slowerIn(report),
    notPossibleIn(report),
    matrixIn(report),
    rowsIn(report),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/** The result of a night in a few words: green, or how many rows need attention. */
export function titleOf({ night, isGreen, rows }: NightReport): string {
  const day = night.startedAt.slice(0, 10);
  if (isGreen) return `Night of ${day}: green`;
  const odd = rows.filter(isTroubling).length;
  return odd === 0
    ? `Night of ${day}: nothing was run`
    : `Night of ${day}: ${countOf(odd, "row")} to look at`;
}

/** A paragraph on what was run, for how long and on which machine. */
export function summaryOf({ night, rows, images, machines }: NightReport): string {
  const runs = rows.reduce((sum, row) => sum + row.runs.length, 0);
  const ran = rows.filter((row) => row.runs.length > 0).length;
  const { elapsedSeconds, options, leftOut, notPossible, finishedAt } = night;
  const budget =
    options.budgetSeconds === null ? "" : ` of ${describeDuration(options.budgetSeconds)} allowed`;
  const rest =
    leftOut.length === 0
      ? ""
      : ` ${countOf(leftOut.length, "run")} did not fit and will be the most overdue next time.`;
  const impossible =
    notPossible.length === 0
      ? ""
      : ` ${countOf(notPossible.length, "further row")} cannot be run on ${notPossible.length === 1 ? "its" : "their"} pipeline.`;
  const aborted = finishedAt === null ? " The night was not finished; continue it with `--resume`." : "";
  return (
    `${ran} of ${rows.length} rows of the guarantees table, ${countOf(runs, "run")}${describeAtOnce(options.atOnce)} in ${describeDuration(elapsedSeconds)}${budget}.${rest}${impossible}${aborted} ` +
    `Ran on ${machines.join("; ")}: ${images.join(", ")}.`
  );
}

/** How many runs of a night went on at the same time, if several: `, 2 at a time`. */
export function describeAtOnce(atOnce: number): string {
  return atOnce === 1 ? "" : `, ${atOnce} at a time`;
}

/** A measured share with its 95 % confidence interval: `9 of 10 (60 to 98 %)`. */
export function describeShare(held: number, trials: number, interval: Interval | undefined): string {
  if (interval === undefined) return "-";
  const percent = (share: number) => Math.round(share * 100);
  return `${held} of ${trials} (${percent(interval.low)} to ${percent(interval.high)} %)`;
}

/** The median of a night, and the range of the medians of earlier nights: `2.10 s (1.9 to 2.4 in 7 nights)`. */
export function describeTrend(trend: Trend | undefined): string {
  if (trend === undefined) return "-";
  const { seconds, before, isSlower } = trend;
  if (before.length === 0) return describeSeconds(seconds);
  const range = `${Math.min(...before).toFixed(1)} to ${Math.max(...before).toFixed(1)} in ${before.length} nights`;
  return `${describeSeconds(seconds)} (${range})${isSlower ? ", slower" : ""}`;
}

/** The rows of a night as a table of scenarios by pipelines. */
export function nightMatrix(rows: RowReport[]): Matrix {
  const known = new Map(rows.map(({ row }) => [row.claim, row.known]));
  return matrixOf(
    rows.flatMap(({ runs }) => runs),
    { axis: "pipeline", known },
  );
}

/** Why a row needs attention: the first reason of one of its runs, or the possible causes of a known broken promise that held. */
export function troubleOf({ state, runs, verdict }: RowReport): string {
  if (state === "better than known")
    return "known to be broken, but held: either fixed, or no longer really tested";
  return runs.find((run) => run.verdict === verdict)?.reason ?? "";
}

function troubleIn({ rows }: NightReport): string {
  const odd = rows
    .filter(isTroubling)
    .toSorted((one, other) => troubling.indexOf(one.state) - troubling.indexOf(other.state));
  if (odd.length === 0) return "";
  return [
    "## To look at",
    "",
    "| claim | known | tonight | measured | why |",
    "|---|---|---|---|---|",
    ...odd
      .slice(0, maxListed)
      .map((report) =>
        row([
          report.row.claim,
          report.row.known.verdict,
          `**${report.verdict}**`,
          describeMeasured(report.runs),
          troubleOf(report),
        ]),
      ),
    ...(odd.length > maxListed ? [`\nAnd ${odd.length - maxListed} more, below.`] : []),
  ].join("\n");
}

function changesIn({ lastGreen }: NightReport): string {
  if (lastGreen === undefined) return "## Since the last green night\n\nNo earlier green night is on record.";
  const { night, changes } = lastGreen;
  const title = `## Since the last green night, ${night}`;
  if (changes.length === 0) return `${title}\n\nNothing has changed.`;
  return [
    title,
    "",
    "| what | then | now |",
    "|---|---|---|",
    ...changes.slice(0, maxListed).map(({ what, before, now }) => row([what, before, now])),
    ...(changes.length > maxListed ? [`\nAnd ${changes.length - maxListed} more.`] : []),
  ].join("\n");
}

function slowerIn({ rows }: NightReport): string {
  const slower = rows.flatMap(({ row, trends }) =>
    trends
      .filter(({ isSlower }) => isSlower)
      .map((trend) => `- ${row.claim}: ${trend.figure} ${describeTrend(trend)}`),
  );
  return slower.length === 0
    ? ""
    : ["## Slower than in any night before", "", ...slower.slice(0, maxListed)].join("\n");
}

/** Every one of them: a row that is nowhere else must not be missing here. */
function notPossibleIn({ night: { notPossible } }: NightReport): string {
  if (notPossible.length === 0) return "";
  return [
    "## Not possible on their pipeline",
    "",
    "| claim | layout | why |",
    "|---|---|---|",
    ...notPossible.map(({ claim, layout, reason }) => row([claim, layout, reason])),
  ].join("\n");
}

function matrixIn({ rows }: NightReport): string {
  const matrix = nightMatrix(rows);
  if (matrix.rows.length === 0) return "";
  return [
    "## The guarantees table",
    "",
    row(["scenario", ...matrix.columns]),
    `|${"---|".repeat(matrix.columns.length + 1)}`,
    ...matrix.rows.map(({ name, cells }) => row([name, ...cells.map(describeCell)])),
  ].join("\n");
}

function rowsIn({ rows }: NightReport): string {
  const trendOf = ({ trends }: RowReport, figure: Trend["figure"]) =>
    describeTrend(trends.find((trend) => trend.figure === figure));
  return [
    "<details><summary>Every row, with how often it held and how that compares</summary>",
    "",
    "How often a row held is given with its 95 % confidence interval. Recovery, overhead (the duration of a run without its load) and latency (the 99th",
    "percentile of the time until a line was readable) are medians, with those of earlier nights.",
    "",
    "| claim | promised | held | state | recovery | overhead | latency |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((report) =>
      row([
        report.row.claim,
        describeBounds(report.row.bounds),
        describeShare(report.held, report.runs.length, report.interval),
        report.state,
        trendOf(report, "recovery"),
        trendOf(report, "overhead"),
        trendOf(report, "latency"),
      ]),
    ),
    "",
    "</details>",
  ].join("\n");
}
