import { join } from "node:path";
import { readDocument } from "../base/read-document.ts";
import { reportUpgrade } from "./upgrade.ts";
import { upgradeDocumentSchema } from "./upgrade-document.ts";
import { writeUpgradeReports } from "./write-upgrade-reports.ts";

/** The file in an upgrade's folder that stores its results. */
export const upgradeFile = "upgrade.json";

/**
 * (Re)writes every file report of a stored upgrade from its document.
 *
 * @param folder `reports/UPGRADE_ID`
 * @returns the names of the files
 * @throws UsageError if the folder does not contain an upgrade
 */
export async function reportStoredUpgrade(folder: string): Promise<string[]> {
  const path = join(folder, upgradeFile);
  const document = await readDocument(path, upgradeDocumentSchema, "upgrade of the form everyline/upgrade@1");
  return writeUpgradeReports(reportUpgrade(document), folder);
}
