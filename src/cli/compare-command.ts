import { join } from "node:path";
import type { Command } from "commander";
import { type ComparedRun, compareRuns } from "../report/compare.ts";
import { renderComparison } from "../report/compare-terminal.ts";
import { readRunDocument } from "../store/run-documents.ts";
import { findStored } from "../store/run-reference.ts";
import { readStoredPipeline } from "../store/stored-pipeline.ts";
import { wantsColour } from "./kit/colour.ts";
import { textWidth } from "./kit/text-width.ts";

interface CompareOptions {
  out: string;
  json?: boolean;
}

/** `everyline compare`: compares two stored runs. */
export function addCompareCommand(program: Command): void {
  program
    .command("compare")
    .description("compare two stored runs: what differs, and what is the same")
    .argument("<run>", "the first: its folder, its id, or the beginning of its id")
    .argument("<run>", "the second")
    .option("--out <dir>", "where the reports are", "reports")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline compare 20261124t212617 20261124t213002                        two runs, by the time at which they began
  everyline compare reports/sample/holds reports/sample/broken --json      the two sample runs, for a program

The exit code is 0, whatever differs: a comparison is not a verdict.`,
    )
    .action(compare);
}

async function compare(one: string, other: string, { out, json }: CompareOptions): Promise<void> {
  const comparison = compareRuns(await storedRun(one, out), await storedRun(other, out));
  process.stdout.write(
    json
      ? `${JSON.stringify(comparison, null, 2)}\n`
      : renderComparison(comparison, {
          width: textWidth(process.stdout),
          colour: wantsColour(process.stdout),
        }),
  );
}

async function storedRun(reference: string, reportsFolder: string): Promise<ComparedRun> {
  const folder = await findStored(reference, { reportsFolder });
  return {
    run: await readRunDocument(join(folder, "run.json")),
    files: await readStoredPipeline(join(folder, "pipeline")),
  };
}
