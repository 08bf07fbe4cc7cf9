import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";
import { renderUpgradePage } from "./html/upgrade-page.ts";
import type { UpgradeReport } from "./upgrade.ts";
import { renderUpgradeMarkdown } from "./upgrade-markdown.ts";

/** The formats that an upgrade's report is written in: a new one is a file of this room and a line here. */
const formats: Record<string, (report: UpgradeReport) => string> = {
  "upgrade.json": ({ document }) => `${JSON.stringify(document, null, 2)}\n`,
  "upgrade.html": renderUpgradePage,
  "upgrade.md": renderUpgradeMarkdown,
};

/**
 * Writes every file format of an upgrade into its folder, `REPORTS/UPGRADE_ID`.
 *
 * @returns the names of the files
 */
export async function writeUpgradeReports(report: UpgradeReport, folder: string): Promise<string[]> {
  for (const [name, render] of Object.entries(formats)) await writeWhole(join(folder, name), render(report));
  return Object.keys(formats);
}
