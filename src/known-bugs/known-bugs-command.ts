import type { Command } from "commander";
import { claims } from "../plan/claims/table.ts";
import { casesOf, loadScenarios, type Scenario } from "../plan/scenario.ts";
import { readRunsIn } from "../store/run-documents.ts";
import { type ReportedBug, renderKnownBugs } from "./known-bugs-page.ts";

/** `everyline known-bugs`: prints what stored runs show of known bugs. */
export function addKnownBugsCommand(program: Command): void {
  program
    .command("known-bugs")
    .description("print, as Markdown, what stored runs show of known bugs")
    .argument("<reports-dir>", "the folder that runs were stored in, as --out of `everyline run` named it")
    .addHelpText(
      "after",
      `
Examples:
  everyline known-bugs reports/known-bugs    the report of docs/known-bugs.md`,
    )
    .action(report);
}

async function report(folder: string): Promise<void> {
  const bugs = (await loadScenarios()).flatMap(reportedBugOf);
  process.stdout.write(renderKnownBugs(bugs, await readRunsIn(folder), claims));
}

function reportedBugOf(scenario: Scenario): ReportedBug[] {
  if (scenario.bug === undefined) return [];
  const scenarios = casesOf(scenario).map(({ name, summary }) => ({ name, summary }));
  return [{ ...scenario.bug, scenarios }];
}
