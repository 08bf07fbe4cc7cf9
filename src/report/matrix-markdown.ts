import type { Claim } from "../plan/claim.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { countOf, describeBounds } from "./describe.ts";
import { row } from "./markdown.ts";
import type { Matrix, MatrixCell } from "./matrix.ts";

/** Runs as a Markdown table, with the promise of each row if there is a claim for it. */
export function renderMatrixMarkdown({ columns, rows }: Matrix, claims: Claim[]): string {
  return [
    row(["", "promised", ...columns]),
    `|${"---|".repeat(columns.length + 2)}`,
    ...rows.map(({ name, cells }) => {
      const of = claimsOf(cells, claims);
      const promised = [...new Set(of.map(({ bounds }) => describeBounds(bounds)))].join("; ");
      const isRace = of.some(({ measured }) => measured.isRace);
      return row([`${name}${isRace ? " (a race)" : ""}`, promised, ...cells.map(describeCell)]);
    }),
  ].join("\n");
}

/** A cell of a matrix in Markdown. */
export function describeCell(cell: MatrixCell | undefined): string {
  if (cell === undefined) return "";
  const outcome = cell.outcome.replace(cell.verdict, `**${cell.verdict}**`);
  return cell.note === "" ? outcome : `${outcome}: ${cell.note}`;
}

/** A sentence on when something was measured, and on which machines. */
export function describeOrigin(entries: readonly Pick<HistoryEntry, "at" | "images" | "machine">[]): string {
  const days = entries.map(({ at }) => at.slice(0, 10)).sort();
  const [first] = days;
  const last = days.at(-1);
  const images = [...new Set(entries.flatMap(({ images }) => images))].sort();
  const machines = [...new Set(entries.flatMap(({ machine }) => (machine === "" ? [] : [machine])))].sort();
  const when = first === last ? first : `${first} to ${last}`;
  return `Measured ${when} in ${countOf(entries.length, "run")} on ${machines.join("; ")}: ${images.join(", ")}.`;
}

function claimsOf(cells: (MatrixCell | undefined)[], claims: Claim[]): Claim[] {
  const ids = new Set(cells.flatMap((cell) => cell?.runs.map(({ claim }) => claim) ?? []));
  return claims.filter(({ id }) => ids.has(id));
}
