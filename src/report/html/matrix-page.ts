import type { HistoryEntry } from "../../store/history-entry.ts";
import { countOf } from "../describe.ts";
import { type MatrixAxis, type MatrixOptions, matrixOf } from "../matrix.ts";
import { describeOrigin } from "../matrix-markdown.ts";
import { html } from "./markup.ts";
import { matrixTable, type RunsFolder } from "./matrix-table.ts";
import { renderPage } from "./page.ts";

const titles: Record<MatrixAxis, string> = {
  pipeline: "Scenarios by pipelines",
  version: "Claims by versions",
};

/** Runs as a table on an HTML page, which links to their reports. */
export function renderMatrixPage(
  entries: HistoryEntry[],
  { axis, known }: MatrixOptions,
  runsFolder: RunsFolder,
): string {
  return renderPage({
    title: titles[axis],
    subject: countOf(entries.length, "run"),
    body: html`<div>
      <h1>${titles[axis]}</h1>
      <p class="claim">${describeOrigin(entries)}</p>
      ${matrixTable(`${titles[axis]}; each verdict links to its runs`, matrixOf(entries, { axis, known }), runsFolder)}
    </div>`,
  });
}
