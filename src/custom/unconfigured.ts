import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { UsageError } from "../base/errors.ts";
import { composeFilesIn } from "../pipeline/compose-files.ts";
import { configNames, findConfig } from "../pipeline/own-config.ts";

/** How many folders of a folder are looked into. */
const maxFolders = 200;
const skipped = /^(\.|node_modules$)/;

/** A Compose file without a configuration that names its parts, and what to do. */
export interface Unconfigured {
  /** The Compose file, as seen from the folder. */
  file: string;
  /** The command that helps. */
  remedy: string;
}

/**
 * Looks for a Compose file in a folder without a configuration, and in the folders directly in it.
 *
 * @returns undefined if the folder has a configuration, or there is no Compose file
 */
export async function unconfigured(folder: string): Promise<Unconfigured | undefined> {
  if ((await findConfig(folder)) !== undefined) return undefined;
  const [here] = await composeFilesIn(folder, {});
  if (here !== undefined) return { file: relative(folder, here), remedy: "everyline init" };
  for (const inner of await foldersIn(folder)) {
    const [found] = await composeFilesIn(inner, {});
    if (found === undefined) continue;
    const file = relative(folder, found);
    const config = await findConfig(inner);
    if (config === undefined) return { file, remedy: `everyline init ${file}` };
    return { file, remedy: `--config ${relative(folder, config)}` };
  }
  return undefined;
}

/**
 * Refuses to take Everyline's own pipeline for that of a folder with a Compose file, which the user may believe to be tested.
 *
 * @throws UsageError with the way out
 */
export async function assertConfigured(folder: string): Promise<void> {
  const found = await unconfigured(folder);
  if (found === undefined) return;
  const { file, remedy } = found;
  const way = remedy.startsWith("--")
    ? `Pass ${remedy}`
    : `\`${remedy}\` writes one, and then this command tests your stack`;
  throw new UsageError(
    `there is a Compose file ${file}, but no ${configNames[0]} here that names its parts, so it is not known what to test. ${way}. ` +
      "To test a pipeline of Everyline's own instead, name it: --pipeline direct.",
  );
}

/** The same as a note for commands that only show something; empty if there is nothing to say. */
export async function unconfiguredNote(folder: string): Promise<string> {
  const found = await unconfigured(folder);
  if (found === undefined) return "";
  const way = found.remedy.startsWith("--")
    ? `pass ${found.remedy} for that one`
    : `\`${found.remedy}\` describes that one`;
  return `note: this is about Everyline's own pipelines, not about that of ${found.file}, which has no ${configNames[0]} here; ${way}.\n`;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !skipped.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
    .slice(0, maxFolders);
}
