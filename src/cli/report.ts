import { resolve } from "node:path";
import type { Command } from "commander";
import { reportStoredRun } from "../run/reported-run.ts";

/** `everyline report`: writes the file reports of a stored run, again or for the first time. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write report.html, report.md and junit.xml of a stored run from what its folder holds")
    .argument("<run-dir>", "the folder of a run, as in reports/RUN_ID")
    .action(async (folder: string) => {
      const names = await reportStoredRun(resolve(folder));
      process.stdout.write(`${folder}: wrote ${names.join(", ")}\n`);
    });
}
