import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../errors.ts";
import { exists } from "../exists.ts";
import { type NightDocument, nightDocumentSchema } from "../report/night-document.ts";
import { writeWhole } from "../write-whole.ts";

const documentName = "night.json";

/** Writes how far a night has come into its folder, `REPORTS/NIGHT_ID`. */
export async function saveNight(reportsFolder: string, night: NightDocument): Promise<void> {
  const folder = join(reportsFolder, night.nightId);
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, documentName), `${JSON.stringify(night, null, 2)}\n`);
}

/**
 * Every night of a reports folder, oldest first; none where there is no such folder.
 *
 * @throws UsageError if the document of one is none
 */
export async function readNights(reportsFolder: string): Promise<NightDocument[]> {
  const names = await readdir(reportsFolder).catch(() => []);
  const nights: NightDocument[] = [];
  for (const name of names.toSorted()) {
    const path = join(reportsFolder, name, documentName);
    if (await exists(path)) nights.push(await readNight(path));
  }
  return nights;
}

/**
 * The last night of a reports folder, if it was not finished.
 *
 * @throws UsageError if there is none to go on with
 */
export async function unfinishedNight(reportsFolder: string): Promise<NightDocument> {
  const last = (await readNights(reportsFolder)).at(-1);
  if (last === undefined)
    throw new UsageError(
      `there is no night to go on with in ${reportsFolder}; leave --resume away to begin one.`,
    );
  if (last.finishedAt === null) return last;
  throw new UsageError(
    `there is no night to go on with in ${reportsFolder}: the last one, ${last.nightId}, was finished. Leave --resume away.`,
  );
}

async function readNight(path: string): Promise<NightDocument> {
  try {
    return nightDocumentSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} is no night of the form everyline/night@1:\n${why}`);
  }
}
