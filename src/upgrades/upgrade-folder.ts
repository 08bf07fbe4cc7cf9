import { join } from "node:path";
import { readDocument } from "../base/read-document.ts";
import { reportUpgrade } from "./upgrade.ts";
import { upgradeDocumentSchema } from "./upgrade-document.ts";
import { writeUpgradeReports } from "./write-upgrade-reports.ts";

/** What an upgrade came to, in its folder. */
export const upgradeFile = "upgrade.json";

/**
 * (Re)writes every file report of a stored upgrade from its document.
 *
 * @param folder `reports/UPGRADE_ID`
 * @returns the names of the files
 * @throws UsageError if the folder holds no upgrade
 */
export async function reportStoredUpgrade(folder: string): Promise<string[]> {
  const path = join(folder, upgradeFile);
  const document = await readDocument(path, upgradeDocumentSchema, "upgrade of the form everyline/upgrade@1");
  return writeUpgradeReports(reportUpgrade(document), folder);
}
