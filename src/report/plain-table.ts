import Table, { type HorizontalAlignment } from "cli-table3";

/** The layout of a table. */
export interface TableLayout {
  head?: string[];
  colAligns?: HorizontalAlignment[];
}

/** A table without cli-table3's own colours (it prints them even into pipes) and without rules between rows. */
export function plainTable(rows: (string | number)[][], layout: TableLayout = {}): string {
  const table = new Table({
    ...layout,
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  table.push(...rows);
  return `${table}`;
}
