import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { nearestOf } from "../base/nearest.ts";
import { idForm } from "./run-id.ts";

/** A file that exists only in the folder of a run that came to a verdict. */
const runFiles = ["run.json"];
const maxListed = 5;

/** Where to look for the run that a reference names. */
export interface ReferenceOptions {
  /** The folder that runs are stored in, as `--out` of `everyline run` named it. */
  reportsFolder: string;
  /** A folder counts only if it contains at least one of these files; `run.json` if absent. */
  files?: readonly string[];
}

/**
 * Finds the folder of a stored run. The reference may be its path, the path of a file in it, its id, or a beginning of its id that no other
 * id has.
 *
 * @returns an absolute path
 * @throws UsageError naming similar ids, or all ids that the reference may mean
 */
export async function findStored(
  reference: string,
  { reportsFolder, files = runFiles }: ReferenceOptions,
): Promise<string> {
  const given = await folderOf(resolve(reference));
  if (given !== undefined && (await hasOneOf(given, files))) return given;
  const ids = await storedIds({ reportsFolder, files });
  if (ids.includes(reference)) return resolve(reportsFolder, reference);
  const beginning = ids.filter((id) => reference !== "" && id.startsWith(reference));
  if (beginning.length === 1) return resolve(reportsFolder, beginning[0]!);
  if (beginning.length > 1) throw ambiguous(reference, beginning);
  const unfinished = given ?? (await folderOf(resolve(reportsFolder, reference)));
  if (unfinished !== undefined)
    throw new UsageError(
      `expected the folder of a finished run, but ${unfinished} has no ${files.join(", ")}. Pass a folder like reports/RUN_ID.`,
    );
  if (reference.includes("/"))
    throw new UsageError(
      `expected the folder of a finished run, but there is no ${reference}. Pass a folder like reports/RUN_ID, or its id.`,
    );
  throw unknown(reference, ids, reportsFolder);
}

/** The ids of everything that is stored, oldest first; empty if there is no such folder. */
export async function storedIds({ reportsFolder, files = runFiles }: ReferenceOptions): Promise<string[]> {
  const names = await readdir(reportsFolder).catch(() => []);
  const stored = await Promise.all(
    names.map(async (name) => (await hasOneOf(join(reportsFolder, name), files)) && name),
  );
  return stored.filter((name) => name !== false).sort();
}

/**
 * The newest of everything that is stored, by the time at the beginning of its id. Folders without such a name were not made by a run and
 * are ignored.
 *
 * @throws UsageError if there is none
 */
export async function lastStored(options: ReferenceOptions): Promise<string> {
  const last = (await storedIds(options)).filter((id) => idForm.test(id)).at(-1);
  if (last === undefined) throw none(options.reportsFolder);
  return resolve(options.reportsFolder, last);
}

async function folderOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? path : dirname(path);
}

async function hasOneOf(folder: string, files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((file) => exists(join(folder, file))));
  return found.includes(true);
}

function ambiguous(reference: string, ids: string[]): UsageError {
  const more = ids.length > maxListed ? `, and ${ids.length - maxListed} more` : "";
  return new UsageError(
    `${ids.length} runs begin with "${reference}": ${ids.slice(0, maxListed).join(", ")}${more}. Write more of the one you mean.`,
  );
}

function unknown(reference: string, ids: string[], reportsFolder: string): UsageError {
  if (ids.length === 0) return none(reportsFolder);
  const nearest = nearestOf(reference, ids).join(", ");
  return new UsageError(
    `there is no run "${reference}" in ${reportsFolder}. Did you mean ${nearest}? Pass its folder, its id, or the beginning of its id.`,
  );
}

function none(reportsFolder: string): UsageError {
  return new UsageError(
    `there is no finished run in ${reportsFolder}; \`everyline run SCENARIO\` makes one, and --out DIR names another folder.`,
  );
}
