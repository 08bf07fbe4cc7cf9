import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { messageOf, UsageError } from "../errors.ts";
import { claims } from "../guarantees/table.ts";
import { type ReportedBug, renderKnownBugs } from "../report/known-bugs.ts";
import type { RunDocument } from "../report/run-document.ts";
import { casesOf, loadScenarios, type Scenario } from "../run/scenario.ts";
import { readRunDocument } from "../run/stored-run.ts";

const runDocument = "run.json";

/** `everyline known-bugs`: tells what stored runs show of the corpus of known bugs. */
export function addKnownBugsCommand(program: Command): void {
  program
    .command("known-bugs")
    .description("print, as Markdown, what stored runs show of known bugs")
    .argument("<reports-dir>", "the folder that runs were stored in, as --out of `everyline run` named it")
    .action(report);
}

async function report(folder: string): Promise<void> {
  const bugs = (await loadScenarios()).flatMap(reportedBugOf);
  process.stdout.write(renderKnownBugs(bugs, await readRuns(folder), claims));
}

function reportedBugOf(scenario: Scenario): ReportedBug[] {
  if (scenario.bug === undefined) return [];
  const scenarios = casesOf(scenario).map(({ name, summary }) => ({ name, summary }));
  return [{ ...scenario.bug, scenarios }];
}

/** Every run in a folder that came to an end; one that did not has no document. */
async function readRuns(folder: string): Promise<RunDocument[]> {
  const files = await readdir(folder, { recursive: true }).catch((thrown) => {
    throw new UsageError(
      `expected a folder of stored runs, but ${messageOf(thrown)}. \`npm run known-bugs\` makes one.`,
    );
  });
  const documents = files.filter((file) => /^[^/]+\/[^/]+$/.test(file) && file.endsWith(`/${runDocument}`));
  return Promise.all(documents.sort().map((file) => readRunDocument(join(folder, file))));
}
