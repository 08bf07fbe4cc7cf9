import type { VNode } from "preact";
import { describeBounds } from "../report/describe.ts";
import { section, table, verdictBadge } from "../report/html/components.ts";
import { html, type Markup } from "../report/html/markup.ts";
import { linksTo, matrixTable } from "../report/html/matrix-table.ts";
import { renderPage } from "../report/html/page.ts";
import { sparkline } from "../report/html/sparkline.ts";
import { describeMeasured } from "../report/matrix.ts";
import type { NightReport, RowReport, Trend } from "./night.ts";
import {
  describeShare,
  describeTrend,
  isTroubling,
  nightMatrix,
  summaryOf,
  titleOf,
  troubleOf,
} from "./night-markdown.ts";

/** The folder of a night's page is next to the folders of its runs. */
const runsFolder = "..";

/** A night as an HTML page, which links to the reports of its runs in the neighbouring folders. */
export function renderNightPage(report: NightReport): string {
  const { night } = report;
  return renderPage({
    title: titleOf(report),
    subject: night.nightId,
    body: html`<div>
      <section class="hero ${report.isGreen ? "holds" : report.exitCode === 1 ? "broken" : "unknown"}" aria-label="The night">
        <h1>${titleOf(report)}</h1>
        <p class="claim">${summaryOf(report)}</p>
      </section>
      ${troubleIn(report)} ${changesIn(report)}
      ${notPossibleIn(report)}
      ${section("table", "The guarantees table", matrixIn(report))}
      ${section("rows", "Every row, and the nights before", rowsIn(report))}
      ${section("repeat", "The command that repeats it", html`<pre tabindex="0"><code>${commandOf(report)}</code></pre>`)}
    </div>`,
  });
}

function troubleIn({ rows }: NightReport): VNode | null {
  const odd = rows.filter(isTroubling);
  if (odd.length === 0) return null;
  const columns = ["claim", "known", "tonight", "measured", "why"].map((title) => ({ title }));
  return section(
    "trouble",
    "To look at",
    table(
      "Rows that differ from their known result",
      columns,
      odd.map((row) => [
        row.row.claim,
        row.row.known.verdict,
        html`${verdictBadge(row.verdict!)} ${linksTo(row.runs, runsFolder)}`,
        describeMeasured(row.runs),
        troubleOf(row),
      ]),
    ),
  );
}

function changesIn({ lastGreen }: NightReport): VNode {
  if (lastGreen === undefined)
    return section(
      "changes",
      "Since the last green night",
      html`<p>No earlier green night is on record.</p>`,
    );
  const { night, changes } = lastGreen;
  const columns = ["what", "then", "now"].map((title) => ({ title }));
  return section(
    "changes",
    `Since the last green night, ${night}`,
    changes.length === 0
      ? html`<p>Nothing has changed.</p>`
      : table(
          "What has changed",
          columns,
          changes.map(({ what, before, now }) => [what, before, now]),
        ),
  );
}

function notPossibleIn({ night: { notPossible } }: NightReport): VNode | null {
  if (notPossible.length === 0) return null;
  const columns = ["claim", "layout", "why"].map((title) => ({ title }));
  const rows = notPossible.map(({ claim, layout, reason }) => [claim, layout, reason]);
  return section(
    "not-possible",
    "Not possible on their pipeline",
    table("Rows that their pipeline cannot run", columns, rows),
  );
}

function matrixIn({ rows }: NightReport): VNode {
  const matrix = nightMatrix(rows);
  return matrixTable("Scenarios by pipelines; each verdict links to its runs", matrix, runsFolder);
}

function rowsIn({ rows }: NightReport): VNode {
  const columns = ["claim", "promised", "held (95 % confidence)", "state", "recovery", "overhead", "latency"];
  return html`<p>
      Recovery, overhead (the duration of a run without its load) and latency (the 99th percentile of the time until a line was readable) are
      medians; the lines show the nights before.
    </p>
    ${table(
      "Every row",
      columns.map((title) => ({ title })),
      rows.map((report) => [
        report.row.claim,
        describeBounds(report.row.bounds),
        describeShare(report.held, report.runs.length, report.interval),
        html`<span class="nowrap">${report.state}</span>`,
        ...(["recovery", "overhead", "latency"] as const).map((figure) => trendCell(report, figure)),
      ]),
    )}`;
}

function trendCell({ trends }: RowReport, figure: Trend["figure"]): Markup {
  const trend = trends.find((candidate) => candidate.figure === figure);
  if (trend === undefined || trend.before.length === 0) return describeTrend(trend);
  return html`${describeTrend(trend)} ${sparkline([...trend.before, trend.seconds])}`;
}

function commandOf({ night: { options } }: NightReport): string {
  const { scenarios, pipelines, layout, repeat, budgetSeconds, config, alerts } = options;
  return [
    "everyline nightly",
    ...(scenarios.join() === "all" ? [] : scenarios),
    ...pipelines.map((pipeline) => `--pipeline ${pipeline}`),
    ...(layout === null ? [] : [`--layout ${layout}`]),
    ...(repeat === 1 ? [] : [`--repeat ${repeat}`]),
    ...(budgetSeconds === null ? [] : [`--budget ${budgetSeconds}s`]),
    ...(config === null ? [] : [`--config ${config}`]),
    ...(alerts ? [] : ["--no-alerts"]),
  ].join(" ");
}
