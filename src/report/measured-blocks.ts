import { UsageError } from "../base/errors.ts";
import type { Claim } from "../plan/claim.ts";
import type { History } from "../store/history.ts";
import { renderCapacities, weightiestOf } from "./capacities.ts";
import { inOrderOf, knownOf, matrixOf } from "./matrix.ts";
import { describeOrigin, renderMatrixMarkdown } from "./matrix-markdown.ts";

const block = /^<!-- measured:([^\n]*?)-->\n[\s\S]*?^<!-- \/measured -->$/gm;

/** What a history has of rows and of capacities. */
type Measured = Pick<History, "runs" | "measurements">;

/**
 * Fills every block `<!-- measured: PIPELINE… [rows: SCENARIO…] -->` … `<!-- /measured -->` of a Markdown text with the table of what
 * runs measured on those pipelines, a line on when and on what, and nothing else. `capacities PIPELINE…` stands for the table of what was
 * measured of their capacities.
 *
 * @throws UsageError if the text has no block, or nothing that was measured belongs to one
 */
export function fillMeasuredBlocks(text: string, history: Measured, claims: Claim[]): string {
  if (text.search(block) < 0)
    throw new UsageError(
      "expected a block from <!-- measured: PIPELINE… --> to <!-- /measured -->, found none; put one where the table is to be.",
    );
  return text.replace(block, (_, selection: string) => {
    const [first, ...pipelines] = words(selection);
    const content =
      first === "capacities"
        ? capacitiesOf(history, pipelines, selection)
        : rowsOf(history, selection, claims);
    return `<!-- measured:${selection}-->\n${content}\n<!-- /measured -->`;
  });
}

function rowsOf({ runs }: Measured, selection: string, claims: Claim[]): string {
  const [pipelines = "", scenarios] = selection.split("rows:");
  const columns = words(pipelines);
  const chosen = inOrderOf(claims, runs).filter(
    ({ pipeline, scenario }) =>
      columns.includes(pipeline) && (!scenarios || isNamed(scenario, words(scenarios))),
  );
  assertAllMeasured(columns, chosen, selection);
  const table = matrixOf(chosen, { axis: "pipeline", columns, known: knownOf(claims) });
  return `${renderMatrixMarkdown(table, claims)}\n\n${describeOrigin(chosen)}`;
}

function capacitiesOf({ measurements }: Measured, pipelines: string[], selection: string): string {
  const chosen = weightiestOf(measurements, pipelines);
  assertAllMeasured(pipelines, chosen, selection);
  return `${renderCapacities(chosen)}\n\n${describeOrigin(chosen)}`;
}

function assertAllMeasured(pipelines: string[], measured: { pipeline: string }[], selection: string): void {
  const missing = pipelines.find((name) => !measured.some(({ pipeline }) => pipeline === name));
  if (missing !== undefined || pipelines.length === 0)
    throw new UsageError(
      `nothing that was measured belongs to the block "measured:${selection.trimEnd()}" for ${missing}; run it, or correct the block.`,
    );
}

/** A scenario's name stands for all its cases. */
function isNamed(scenario: string, names: string[]): boolean {
  return names.some((name) => scenario === name || scenario.startsWith(`${name}/`));
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
