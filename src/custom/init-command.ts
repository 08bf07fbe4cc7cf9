import { writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { composeFilesIn, composeNames } from "../pipeline/compose-files.ts";
import { configNames } from "../pipeline/own-config.ts";
import { readCompose } from "../places/compose/compose-model.ts";
import { configText } from "./config-text.ts";
import { guess } from "./guess-config.ts";

/** `everyline init`: writes a configuration for a custom pipeline, based on its Compose file. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("write everyline.config.yaml for a pipeline of your own, based on its Compose file")
    .argument(
      "[compose-file]",
      "its Compose file (default: the files that `docker compose up` takes in this folder)",
    )
    .addHelpText(
      "after",
      `
Examples:
  everyline init                       asks compose.yaml of this folder, and writes everyline.config.yaml beside it
  everyline init deploy/compose.yaml   the same for a Compose file elsewhere; the configuration is written here`,
    )
    .action(init);
}

async function init(given: string | undefined): Promise<void> {
  const folder = resolve(".");
  const file = join(folder, configNames[0]!);
  if (await exists(file)) throw new UsageError(`${file} exists already; change it, or remove it first.`);
  const files = await composeFilesOf(folder, given);
  const text = configText(
    files.map((path) => relative(folder, path)),
    await guess(await readCompose(files, folder)),
  );
  await writeFile(file, text);
  const unknown = [...text.matchAll(/^ *(\w+): FILL-IN/gm)].map(([, key]) => key);
  process.stdout.write(`${text}\nWrote ${file}.\n`);
  process.stdout.write(
    unknown.length > 0
      ? `Fill in ${unknown.join(", ")}, and check the rest, the selector above all. Then: everyline list\n`
      : "Check it, the selector above all. Then: everyline list\n",
  );
}

/** The files that `docker compose up` takes in this folder, or in the folder of the given file, if that file comes first there. */
async function composeFilesOf(folder: string, given: string | undefined): Promise<string[]> {
  if (given === undefined) {
    const files = await composeFilesIn(folder, process.env);
    if (files.length > 0) return files;
    throw new UsageError(
      `there is no Compose file in ${folder} (${composeNames.join(", ")}); pass its path: everyline init FILE.`,
    );
  }
  const file = resolve(given);
  const usual = await composeFilesIn(dirname(file), dirname(file) === folder ? process.env : {});
  if (usual[0] === file) return usual;
  const others = usual.filter((path) => path !== file);
  if (others.length > 0)
    process.stderr.write(`left out: ${others.join(", ")}, which \`docker compose up\` takes there.\n`);
  return [file];
}
