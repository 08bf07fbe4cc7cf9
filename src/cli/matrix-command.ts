import { readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { messageOf, UsageError } from "../base/errors.ts";
import { writeWhole } from "../base/write-whole.ts";
import { claims } from "../plan/claims/table.ts";
import { renderCapacities, weightiestOf } from "../report/capacities.ts";
import { entryOf } from "../report/history-entry-of.ts";
import { renderMatrixPage } from "../report/html/matrix-page.ts";
import { inOrderOf, knownOf, type MatrixAxis, matrixAxes, matrixOf } from "../report/matrix.ts";
import { describeOrigin, renderMatrixMarkdown } from "../report/matrix-markdown.ts";
import { fillMeasuredBlocks } from "../report/measured-blocks.ts";
import { type History, readHistory } from "../store/history.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { readRunsIn } from "../store/run-documents.ts";
import { requestTimeOf } from "../store/run-id.ts";

const known = knownOf(claims);

interface CommandOptions {
  by: MatrixAxis;
  into?: string[];
  html?: string;
  json?: boolean;
}

/** `everyline matrix`: what stored runs measured, as one table. */
export function addMatrixCommand(program: Command): void {
  program
    .command("matrix")
    .description(
      "print what stored runs measured as one table: scenarios by pipelines, or claims by versions",
    )
    .argument("<source>", "a folder of runs, or a history: a file like reports/history.ndjson")
    .addOption(new Option("--by <axis>", "what each column shows").choices(matrixAxes).default("pipeline"))
    .option(
      "--into <file...>",
      "fill the blocks <!-- measured: PIPELINE… [rows: SCENARIO…] --> … <!-- /measured --> of Markdown files instead",
    )
    .option("--html <file>", "write an HTML page instead, which links to the reports of the runs")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline matrix reports                            every run of the folder
  everyline matrix reports --by version               the same rows on several versions side by side
  everyline matrix reports --html reports/matrix.html  a page with links to the reports of the runs
  everyline matrix reports/history.ndjson --into README.md`,
    )
    .action(matrix);
}

async function matrix(source: string, { by, into, html, json }: CommandOptions): Promise<void> {
  const { runs, measurements, runsFolder } = await measuredIn(source);
  const entries = inOrderOf(claims, runs);
  if (entries.length === 0) throw new UsageError(`${source} contains no finished run.`);
  if (into !== undefined) return fill(into, { runs, measurements });
  if (html !== undefined) return writePage(html, entries, by, runsFolder);
  const table = matrixOf(entries, { axis: by, known });
  const capacities = weightiestOf(measurements);
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...table, capacities }, null, 2)}\n`
      : `${[
          renderMatrixMarkdown(table, claims),
          describeOrigin(entries),
          ...(capacities.length === 0 ? [] : [renderCapacities(capacities), describeOrigin(capacities)]),
        ].join("\n\n")}\n`,
  );
}

async function fill(files: string[], measured: Pick<History, "runs" | "measurements">): Promise<void> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch((thrown) => {
      throw new UsageError(`expected a Markdown file, but ${messageOf(thrown)}.`);
    });
    await writeWhole(file, fillMeasuredBlocks(text, measured, claims));
    process.stderr.write(`filled ${file}\n`);
  }
}

async function writePage(
  file: string,
  entries: HistoryEntry[],
  by: MatrixAxis,
  runsFolder: string,
): Promise<void> {
  const seenFromPage = relative(dirname(resolve(file)), resolve(runsFolder)) || ".";
  await writeWhole(file, renderMatrixPage(entries, { axis: by, known }, seenFromPage));
  process.stderr.write(`report: ${file}\n`);
}

/** What was measured, and the folder of the runs' reports. A folder of runs has no measurements of capacities. */
async function measuredIn(
  source: string,
): Promise<Pick<History, "runs" | "measurements"> & { runsFolder: string }> {
  const found = await stat(source).catch((thrown) => {
    throw new UsageError(`expected a folder of runs or a history, but ${messageOf(thrown)}.`);
  });
  if (!found.isDirectory()) return { ...(await readHistory(source)), runsFolder: dirname(source) };
  const documents = await readRunsIn(source);
  const runs = documents.map((run) => entryOf(run, null, requestTimeOf(run.runId)));
  return { runs, measurements: [], runsFolder: source };
}
