import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../errors.ts";
import { reportUpgrade } from "../report/upgrade.ts";
import { type UpgradeDocument, upgradeDocumentSchema } from "../report/upgrade-document.ts";
import { writeUpgradeReports } from "../report/write-upgrade-reports.ts";

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
  return writeUpgradeReports(reportUpgrade(await readUpgrade(join(folder, upgradeFile))), folder);
}

async function readUpgrade(path: string): Promise<UpgradeDocument> {
  try {
    return upgradeDocumentSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} is no upgrade of the form everyline/upgrade@1:\n${why}`);
  }
}
