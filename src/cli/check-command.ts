import type { Command } from "commander";
import { exitCodes } from "../base/errors.ts";
import { renderJson } from "../report/json.ts";
import { renderRun } from "../report/terminal.ts";
import { findStored } from "../store/run-reference.ts";
import { judgeStoredRun } from "../store/stored-run.ts";
import { wantsColour } from "./kit/colour.ts";

/** `everyline check`: judges a stored run again without running anything. */
export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("judge a stored run again from its plan and its recording")
    .argument("<run>", "its folder, its id, or the beginning of its id")
    .option("--out <dir>", "where the reports are", "reports")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline check 20261124t212617                                     the run that began then, of the folder reports
  everyline check reports/20261124t212617-loki-restart-f719 --json    by its folder, for a program`,
    )
    .action(check);
}

interface CheckOptions {
  json?: boolean;
  out: string;
}

async function check(reference: string, { json, out }: CheckOptions): Promise<void> {
  const { stored, document } = await judgeStoredRun(await findStored(reference, { reportsFolder: out }));
  if (document.verdict !== stored.verdict)
    process.stderr.write(`The stored verdict was ${stored.verdict}; it is ${document.verdict} now.\n`);
  const colour = wantsColour(process.stdout);
  process.stdout.write(json ? renderJson([document]) : renderRun(document, { colour }));
  process.exitCode = exitCodes[document.verdict];
}
