import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import type { NightReport } from "./night.ts";
import { isTroubling, nightMatrix, summaryOf, titleOf, troubleOf } from "./night-markdown.ts";

const cellWidth = 40;
const textWidth = 100;

/** A night for the terminal: its title, the guarantees table, and the rows that need attention. */
export function renderNight(report: NightReport): string {
  const { rows, lastGreen, night } = report;
  const { notPossible } = night;
  const matrix = nightMatrix(rows);
  const cells = matrix.rows.map(({ name, cells }) => [name, ...cells.map((cell) => cell?.outcome ?? "")]);
  const odd = rows.filter(isTroubling);
  const changes = lastGreen?.changes.map(({ what, before, now }) => [what, before, now]) ?? [];
  const parts = [
    ...(cells.length === 0 ? [] : [plainTable(cells, { head: ["scenario", ...matrix.columns] })]),
    ...(odd.length === 0
      ? []
      : [
          plainTable(
            odd.map((row) => [
              row.row.claim,
              row.row.known.verdict,
              row.verdict!,
              wrap(troubleOf(row), cellWidth),
            ]),
            { head: ["to look at", "known", "tonight", "why"] },
          ),
        ]),
    ...(notPossible.length === 0
      ? []
      : [
          plainTable(
            notPossible.map(({ claim, layout, reason }) => [claim, layout, wrap(reason, cellWidth)]),
            { head: ["not possible on its pipeline", "layout", "why"] },
          ),
        ]),
    ...(changes.length === 0
      ? []
      : [plainTable(changes, { head: [`changed since ${lastGreen!.night}`, "then", "now"] })]),
    wrap(summaryOf(report), textWidth),
    titleOf(report),
  ];
  return `${parts.join("\n")}\n`;
}
