import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { composeFilesIn, composeNames } from "../pipeline/compose-files.ts";

/** What the command line says of the Compose files, in the words of Docker Compose. */
export interface ComposeOptions {
  file?: string[];
  envFile?: string[];
  profile?: string[];
}

const skipped = /^(\.|node_modules$|vendor$|dist$)/;
const maxDepth = 2;
const maxFolders = 500;

/**
 * The Compose files to read: those that are named, or that `docker compose up` takes in this folder, or that it takes in the only folder below
 * that has any.
 *
 * @param given the path of the one that comes first
 * @throws UsageError if there are none, or in several folders
 */
export async function composeChoice(
  folder: string,
  given: string | undefined,
  { file: named = [] }: ComposeOptions,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  if (given !== undefined && named.length > 0)
    throw new UsageError(`expected either the Compose file ${given} or -f ${named.join(" -f ")}, got both.`);
  if (named.length > 0) return existing(named.map((path) => resolve(folder, path)));
  if (given !== undefined) return withOverride(folder, resolve(folder, given), environment);
  const files = await composeFilesIn(folder, environment);
  return files.length > 0 ? files : below(folder);
}

async function existing(files: string[]): Promise<string[]> {
  for (const file of files)
    if (!(await exists(file)))
      throw new UsageError(`there is no Compose file ${file}; name one that exists.`);
  return files;
}

/** The files that `docker compose up` takes in the folder of a file, if that file comes first there. */
async function withOverride(folder: string, file: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  await existing([file]);
  const usual = await composeFilesIn(dirname(file), dirname(file) === folder ? environment : {});
  if (usual[0] === file) return usual;
  const others = usual.filter((path) => path !== file);
  if (others.length > 0)
    process.stderr.write(`left out: ${others.join(", ")}, which \`docker compose up\` takes there.\n`);
  return [file];
}

async function below(folder: string): Promise<string[]> {
  const found: string[][] = [];
  for (const inner of await foldersIn(folder)) {
    const files = await composeFilesIn(inner, {});
    if (files.length > 0) found.push(files);
  }
  const [files, ...others] = found;
  const none = `there is no Compose file in ${folder} (${composeNames.join(", ")})`;
  if (files === undefined) throw new UsageError(`${none}; pass its path: everyline init FILE.`);
  if (others.length > 0) {
    const commands = found.map(([first]) => `everyline init ${relative(folder, first!)}`);
    throw new UsageError(
      `${none}, and several of its folders have one; name the one to test:\n${commands.join("\n")}`,
    );
  }
  process.stderr.write(
    `taken: ${files.map((file) => relative(folder, file)).join(", ")}, the only Compose file below.\n`,
  );
  return files;
}

/** The folders in a folder, and those in them, without hidden ones and those of packages. */
async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  let level = [folder];
  for (let depth = 0; depth < maxDepth; depth++) {
    const next: string[] = [];
    for (const one of level) {
      const entries = await readdir(one, { withFileTypes: true }).catch(() => []);
      const inner = entries.filter((entry) => entry.isDirectory() && !skipped.test(entry.name));
      next.push(...inner.map(({ name }) => join(one, name)).sort());
    }
    found.push(...next.slice(0, maxFolders - found.length));
    level = next;
  }
  return found;
}
