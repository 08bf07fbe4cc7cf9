import { claims } from "../guarantees/table.ts";
import { type Verdict, worstOf } from "../guarantees/verdict.ts";
import type { RunDocument } from "./run-document.ts";

/** A row of the document's guarantees tables, and the runs that put it to the test. */
export interface DocumentRow {
  /** `PIPELINE/ROW`. */
  row: string;
  runs: RunDocument[];
  verdict: Verdict;
}

/** The rows that some runs belong to, in the order of the runs. A row holds only if all its runs do. */
export function documentRowsOf(runs: RunDocument[]): DocumentRow[] {
  const rows = Map.groupBy(runs, ({ claim, pipeline }) => {
    const row = claims.find(({ id }) => id === claim.id)?.row;
    return row === undefined ? undefined : `${pipeline}/${row}`;
  });
  return [...rows].flatMap(([row, runs]) =>
    row === undefined ? [] : [{ row, runs, verdict: worstOf(runs.map(({ verdict }) => verdict)) }],
  );
}
