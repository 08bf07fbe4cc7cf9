import { writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { exists } from "../exists.ts";
import { readCompose } from "../stack/compose-model.ts";
import { configText, guess } from "../stack/guess-config.ts";
import { configNames } from "../stack/own-config.ts";

/** The names that Compose itself looks for. */
const composeNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** `everyline init`: writes a configuration for a pipeline of the user's own, by asking its Compose file. */
export function addInitCommand(program: Command): void {
  program
    .command("init")
    .description("write everyline.config.yaml for a pipeline of your own, by asking its Compose file")
    .argument("[compose-file]", "its Compose file (default: the one of this folder)")
    .addHelpText(
      "after",
      `
Examples:
  everyline init                       asks compose.yaml of this folder, and writes everyline.config.yaml beside it
  everyline init shop/compose.yaml     the same for another folder`,
    )
    .action(init);
}

async function init(given: string | undefined): Promise<void> {
  const compose = given === undefined ? await composeFileOf(resolve(".")) : resolve(given);
  const file = join(dirname(compose), configNames[0]!);
  if (await exists(file)) throw new UsageError(`${file} is there already; change it, or remove it first.`);
  const guessed = guess(await readCompose([compose]));
  const text = configText(basename(compose), guessed);
  await writeFile(file, text);
  const unknown = [...text.matchAll(/^ *(\w+): FILL-IN/gm)].map(([, key]) => key);
  process.stdout.write(`${text}\nWrote ${file}.\n`);
  process.stdout.write(
    unknown.length > 0
      ? `Fill in ${unknown.join(", ")}, and check the rest, the selector above all. Then: everyline list\n`
      : "Check it, the selector above all. Then: everyline list\n",
  );
}

async function composeFileOf(folder: string): Promise<string> {
  for (const name of composeNames) if (await exists(join(folder, name))) return join(folder, name);
  throw new UsageError(
    `there is no Compose file in ${folder} (${composeNames.join(", ")}); pass its path: everyline init FILE.`,
  );
}
