import { UsageError } from "../base/errors.ts";
import type { Claim } from "../plan/claim.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { knownOf, matrixOf } from "./matrix.ts";
import { describeOrigin, renderMatrixMarkdown } from "./matrix-markdown.ts";

const block = /^<!-- measured:([^\n]*?)-->\n[\s\S]*?^<!-- \/measured -->$/gm;

/**
 * Fills every block `<!-- measured: PIPELINE… [rows: SCENARIO…] -->` … `<!-- /measured -->` of a Markdown text with the table of what
 * runs measured on those pipelines, a line on when and on what, and nothing else.
 *
 * @param entries in the order of their rows
 * @throws UsageError if the text has no block, or no run belongs to one
 */
export function fillMeasuredBlocks(text: string, entries: HistoryEntry[], claims: Claim[]): string {
  if (text.search(block) < 0)
    throw new UsageError(
      "expected a block from <!-- measured: PIPELINE… --> to <!-- /measured -->, found none; put one where the table is to be.",
    );
  const known = knownOf(claims);
  return text.replace(block, (_, selection: string) => {
    const [pipelines = "", scenarios] = selection.split("rows:");
    const columns = words(pipelines);
    const chosen = entries.filter(
      ({ pipeline, scenario }) =>
        columns.includes(pipeline) && (!scenarios || isNamed(scenario, words(scenarios))),
    );
    const missing = columns.find((column) => !chosen.some(({ pipeline }) => pipeline === column));
    if (missing !== undefined || columns.length === 0)
      throw new UsageError(
        `no run belongs to the block "measured:${selection.trimEnd()}" for ${missing}; run it, or correct the block.`,
      );
    const table = renderMatrixMarkdown(matrixOf(chosen, { axis: "pipeline", columns, known }), claims);
    return `<!-- measured:${selection}-->\n${table}\n\n${describeOrigin(chosen)}\n<!-- /measured -->`;
  });
}

/** A scenario's name stands for all its cases. */
function isNamed(scenario: string, names: string[]): boolean {
  return names.some((name) => scenario === name || scenario.startsWith(`${name}/`));
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
