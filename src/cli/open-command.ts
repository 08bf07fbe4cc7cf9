import { join } from "node:path";
import type { Command } from "commander";
import { messageOf, UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { findStored, lastStored } from "../store/run-reference.ts";
import { reasonNotToOpen } from "./kit/reason-not-to-open.ts";

/** The HTML pages of a run, of a night, and of an upgrade. */
const pages = ["report.html", "nightly.html", "upgrade.html"];

/** `everyline open`: shows a report in the browser. */
export function addOpenCommand(program: Command): void {
  program
    .command("open")
    .description("open the report of a run, a night or an upgrade in the browser")
    .argument("[run]", "its folder, its id, or the beginning of its id (default: the last one)")
    .option("--out <dir>", "where the reports are", "reports")
    .option("--print", "print the path of the report, and open nothing")
    .addHelpText(
      "after",
      `
Examples:
  everyline open                           the last report
  everyline open 20261124t212617           that of the run which began then
  everyline open --print --out /srv/runs   only its path, for a program

Where there is no browser to open (over SSH, or without a display) the path is printed, too.`,
    )
    .action(openReport);
}

interface OpenOptions {
  out: string;
  print?: boolean;
}

async function openReport(reference: string | undefined, options: OpenOptions): Promise<void> {
  const { out: reportsFolder, print } = options;
  const files = ["run.json", ...pages];
  const folder =
    reference === undefined
      ? await lastStored({ reportsFolder, files })
      : await findStored(reference, { reportsFolder, files });
  const page = await pageIn(folder);
  if (print) {
    process.stdout.write(`${page}\n`);
    return;
  }
  const reason = reasonNotToOpen(process.platform, process.env);
  if (reason !== undefined) {
    process.stderr.write(`${reason}; open this file yourself:\n`);
    process.stdout.write(`${page}\n`);
    return;
  }
  process.stderr.write("opening in the browser:\n");
  process.stdout.write(`${page}\n`);
  const { default: open } = await import("open");
  await open(page).catch((thrown) => {
    process.stderr.write(`no browser could be opened (${messageOf(thrown)}); open this file yourself.\n`);
  });
}

async function pageIn(folder: string): Promise<string> {
  for (const page of pages) if (await exists(join(folder, page))) return join(folder, page);
  throw new UsageError(
    `${folder} has no page for the browser: an older version stored it. \`everyline report ${folder}\` writes it.`,
  );
}
