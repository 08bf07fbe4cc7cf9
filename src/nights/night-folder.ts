import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { readDocument } from "../base/read-document.ts";
import { writeWhole } from "../base/write-whole.ts";
import { historyFile, readHistory } from "../store/history.ts";
import { reportNight } from "./night.ts";
import { type NightDocument, nightDocumentSchema } from "./night-document.ts";
import { writeNightReports } from "./write-night-reports.ts";

/** The file in a night's folder that stores its progress. */
export const nightFile = "night.json";

/** Stores the progress of a night in its folder, `REPORTS/NIGHT_ID`. */
export async function saveNight(reportsFolder: string, night: NightDocument): Promise<void> {
  const folder = join(reportsFolder, night.nightId);
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, nightFile), `${JSON.stringify(night, null, 2)}\n`);
}

/**
 * Every night of a reports folder, oldest first; none if there is no such folder.
 *
 * @throws UsageError if the document of one is not valid
 */
export async function readNights(reportsFolder: string): Promise<NightDocument[]> {
  const names = await readdir(reportsFolder).catch(() => []);
  const nights: NightDocument[] = [];
  for (const name of names.toSorted()) {
    const path = join(reportsFolder, name, nightFile);
    if (await exists(path)) nights.push(await readNight(path));
  }
  return nights;
}

/**
 * The last night of a reports folder, if it was not finished.
 *
 * @throws UsageError if there is no night to resume
 */
export async function unfinishedNight(reportsFolder: string): Promise<NightDocument> {
  const last = (await readNights(reportsFolder)).at(-1);
  if (last === undefined)
    throw new UsageError(`there is no night to resume in ${reportsFolder}; omit --resume to begin one.`);
  if (last.finishedAt === null) return last;
  throw new UsageError(
    `there is no night to resume in ${reportsFolder}: the last one, ${last.nightId}, was finished. Omit --resume.`,
  );
}

/**
 * (Re)writes every file report of a stored night, from its document and the history beside its folder.
 *
 * @param folder `reports/NIGHT_ID`
 * @returns the names of the files
 * @throws UsageError if the folder does not contain a night
 */
export async function reportStoredNight(folder: string): Promise<string[]> {
  const reportsFolder = dirname(folder);
  const history = await readHistory(join(reportsFolder, historyFile));
  return writeNightReports(reportNight(await readNight(join(folder, nightFile)), history), reportsFolder);
}

function readNight(path: string): Promise<NightDocument> {
  return readDocument(path, nightDocumentSchema, "night of the form everyline/night@1");
}
