import type { VNode } from "preact";
import type { HistoryEntry } from "../../store/history-entry.ts";
import type { Matrix, MatrixCell } from "../matrix.ts";
import { table, verdictBadge } from "./components.ts";
import { html, type Markup } from "./markup.ts";

/** The path from a page to the folders of runs: `..` for a page in a neighbouring folder. */
export type RunsFolder = string;

/** Runs as a table, each verdict with links to the reports of its runs. */
export function matrixTable(caption: string, { columns, rows }: Matrix, runsFolder: RunsFolder): VNode {
  return table(
    caption,
    ["", ...columns].map((title) => ({ title })),
    rows.map(({ name, cells }) => [name, ...cells.map((cell) => cellOf(cell, runsFolder))]),
  );
}

/** A run that failed may have no report. */
export function linksTo(runs: HistoryEntry[], runsFolder: RunsFolder): Markup {
  return runs
    .filter(({ counts }) => counts !== null)
    .map(({ runId, claim }, index) => {
      const text = runs.length === 1 ? "report" : `${index + 1}`;
      const label = `report of run ${index + 1} of ${claim}`;
      return html`<a href="${runsFolder}/${runId}/report.html" aria-label=${label}>${text}</a> `;
    });
}

function cellOf(cell: MatrixCell | undefined, runsFolder: RunsFolder): Markup {
  if (cell === undefined) return "";
  const { verdict, outcome, note, runs } = cell;
  const text = [...(outcome === verdict ? [] : [outcome]), ...(note === "" ? [] : [note])].join(": ");
  return html`<span class="nowrap">${verdictBadge(verdict)} ${linksTo(runs, runsFolder)}</span> ${text !== "" && html`<div class="note">${text}</div>`}`;
}
