import { join, resolve } from "node:path";
import type { Command } from "commander";
import { exists } from "../exists.ts";
import { nightFile, reportStoredNight } from "../run/night-folder.ts";
import { reportStoredRun } from "../run/reported-run.ts";

/** `everyline report`: writes the file reports of a stored run or night, again or for the first time. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description(
      "write report.html, report.md and junit.xml of a stored run, or those of a night, from what its folder holds",
    )
    .argument("<dir>", "the folder of a run or a night, as in reports/RUN_ID")
    .action(report);
}

async function report(folder: string): Promise<void> {
  const path = resolve(folder);
  const isNight = await exists(join(path, nightFile));
  const names = await (isNight ? reportStoredNight(path) : reportStoredRun(path));
  process.stdout.write(`${folder}: wrote ${names.join(", ")}\n`);
}
