import { join, resolve } from "node:path";
import type { Command } from "commander";
import { exists } from "../base/exists.ts";
import { nightFile, reportStoredNight } from "../nights/night-folder.ts";
import { reportStoredRun } from "../report/stored-reports.ts";
import { reportStoredSweep, sweepFile } from "../sweeps/sweep-folder.ts";
import { reportStoredUpgrade, upgradeFile } from "../upgrades/upgrade-folder.ts";

/** What a folder can hold other than a run, by the file that identifies it. */
const others: Record<string, (folder: string) => Promise<string[]>> = {
  [nightFile]: reportStoredNight,
  [sweepFile]: reportStoredSweep,
  [upgradeFile]: reportStoredUpgrade,
};

/** `everyline report`: writes the file reports of a stored run, night, upgrade or sweep, again or for the first time. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write the reports of a stored run, night, upgrade or sweep again, from its folder")
    .argument("<dir>", "the folder of any of these, as in reports/RUN_ID")
    .addHelpText(
      "after",
      `
Examples:
  everyline report reports/20261124t212617-sink-restart-f719    the reports of one run`,
    )
    .action(report);
}

async function report(folder: string): Promise<void> {
  const path = resolve(folder);
  const names = await (await reporterOf(path))(path);
  process.stdout.write(`${folder}: wrote ${names.join(", ")}\n`);
}

async function reporterOf(folder: string): Promise<(folder: string) => Promise<string[]>> {
  for (const [file, reporter] of Object.entries(others))
    if (await exists(join(folder, file))) return reporter;
  return reportStoredRun;
}
