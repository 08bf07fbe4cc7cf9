import { styleText } from "node:util";
import type { Comparison, FileDifference } from "./compare.ts";
import { plainTable } from "./plain-table.ts";
import { wrap } from "./wrap.ts";

/** The layout of the text. */
export interface ComparisonLayout {
  /** The width of the table, in characters; a diff is as wide as its lines. */
  width: number;
  colour: boolean;
}

const labelWidth = 15;
/** The width of the borders and spaces of a table with three columns. */
const frameWidth = 10;
const minCellWidth = 20;

/** A comparison of two runs: what differs, how their pipelines' files differ, and in one line what is the same. */
export function renderComparison(comparison: Comparison, { width, colour }: ComparisonLayout): string {
  const { one, other, caveats, different, same, files } = comparison;
  const cellWidth = Math.max(minCellWidth, Math.floor((width - labelWidth - frameWidth) / 2));
  const rows = different.map(({ what, one, other }) => [what, wrap(one, cellWidth), wrap(other, cellWidth)]);
  const parts = [
    ...caveats.map((caveat) => wrap(caveat, width)),
    rows.length === 0
      ? "Nothing differs but the time."
      : plainTable(rows, { head: ["different", wrap(one, cellWidth), wrap(other, cellWidth)] }),
    ...files.map((file) => describeFile(file, colour)),
    wrap(`the same: ${same.join(", ")}`, width),
  ];
  return `${parts.join("\n")}\n`;
}

function describeFile({ path, onlyIn, patch }: FileDifference, colour: boolean): string {
  const title =
    onlyIn === null ? [] : [`${path} is there in the ${onlyIn === "one" ? "first" : "second"} run only`];
  const lines = patch.trimEnd().split("\n");
  return [...title, ...(colour ? lines.map(paint) : lines)].join("\n");
}

function paint(line: string): string {
  const style = line.startsWith("+++") || line.startsWith("---") ? "bold" : styles[line[0] ?? ""];
  return style === undefined ? line : styleText(style, line, { validateStream: false });
}

const styles: Record<string, "green" | "red" | "cyan"> = { "+": "green", "-": "red", "@": "cyan" };
