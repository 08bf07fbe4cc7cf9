import { type Formats, writeFormats } from "../report/write-formats.ts";
import type { UpgradeReport } from "./upgrade.ts";
import { renderUpgradeMarkdown } from "./upgrade-markdown.ts";
import { renderUpgradePage } from "./upgrade-page.ts";

/** The formats of an upgrade's report. To add one, write a file in this folder and add a line here. */
const formats: Formats<UpgradeReport> = {
  "upgrade.json": ({ document }) => `${JSON.stringify(document, null, 2)}\n`,
  "upgrade.html": renderUpgradePage,
  "upgrade.md": renderUpgradeMarkdown,
};

/**
 * Writes every file format of an upgrade into its folder, `REPORTS/UPGRADE_ID`.
 *
 * @returns the names of the files
 */
export function writeUpgradeReports(report: UpgradeReport, folder: string): Promise<string[]> {
  return writeFormats(folder, formats, report);
}
