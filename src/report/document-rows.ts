import type { RunDocument } from "../judge/run-document.ts";
import { claims } from "../plan/claims/table.ts";
import { type Verdict, worstOf } from "../plan/verdict.ts";

/** A row of the document's guarantees tables, and the runs that put it to the test. */
export interface DocumentRow {
  /** `PIPELINE/ROW`. */
  row: string;
  runs: RunDocument[];
  /** The scenarios of the row that were not run. */
  missing: string[];
  verdict: Verdict;
}

/**
 * The rows that some runs belong to, in the order of the runs. A row holds only if all its scenarios were run and all runs hold; a
 * scenario that was not run leaves it `unknown`, unless another has broken it.
 */
export function documentRowsOf(runs: RunDocument[]): DocumentRow[] {
  const rows = Map.groupBy(runs, ({ plan: { claim, pipeline } }) => {
    const row = claims.find(({ id }) => id === claim.id)?.row;
    return row === undefined ? undefined : `${pipeline}/${row}`;
  });
  return [...rows].flatMap(([row, runs]) => {
    if (row === undefined) return [];
    const ofRow = claims.filter((claim) => `${claim.pipeline}/${claim.row}` === row);
    const missing = ofRow.filter(({ id }) => !runs.some(({ plan }) => plan.claim.id === id));
    const verdicts = runs.map(({ verdict }) => verdict);
    return {
      row,
      runs,
      missing: missing.map(({ scenario }) => scenario),
      verdict: worstOf(missing.length > 0 ? [...verdicts, "unknown"] : verdicts),
    };
  });
}
