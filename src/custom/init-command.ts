import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { configNames } from "../pipeline/own-config.ts";
import { readCompose } from "../places/compose/compose-model.ts";
import { type ComposeOptions, composeChoice } from "./compose-choice.ts";
import { configText } from "./config-text.ts";
import { guess } from "./guess-config.ts";
import { otherFilesWithLoki } from "./other-compose-files.ts";

/** `everyline init`: writes a configuration for a custom pipeline, based on its Compose files. */
export function addInitCommand(program: Command): void {
  const another = (value: string, before: string[] = []) => [...before, value];
  program
    .command("init")
    .description("write everyline.config.yaml for a pipeline of your own, based on its Compose files")
    .argument(
      "[compose-file]",
      "its Compose file (default: the files that `docker compose up` takes in this folder)",
    )
    .option("-f, --file <file>", "a Compose file, and no others; again for each further one", another)
    .option(
      "--env-file <file>",
      "variables for the Compose files, in place of .env; may be given again",
      another,
    )
    .option("--profile <name>", "a profile whose services are active; may be given again", another)
    .addHelpText(
      "after",
      `
Examples:
  everyline init                       asks compose.yaml of this folder, and writes everyline.config.yaml beside it
  everyline init deploy/compose.yaml   the same for a Compose file elsewhere; the configuration is written here
  everyline init -f compose.yaml -f compose.logging.yaml --env-file prod.env --profile logs
                                       as \`docker compose\` is called with these`,
    )
    .action(init);
}

async function init(given: string | undefined, options: ComposeOptions): Promise<void> {
  const folder = resolve(".");
  const file = join(folder, configNames[0]!);
  if (await exists(file)) throw new UsageError(`${file} exists already; change it, or remove it first.`);
  const envFiles = (options.envFile ?? []).map((path) => resolve(folder, path));
  const environment = { ...(await variablesIn(envFiles)), ...process.env };
  const files = await composeChoice(folder, given, options, environment);
  const profiles =
    options.profile ?? (environment.COMPOSE_PROFILES ?? "").split(",").filter((name) => name !== "");
  const model = await readCompose(files, folder, envFiles);
  const guessed = await guess(model, profiles);
  const more = guessed.loki === undefined ? await otherFilesWithLoki(dirname(files[0]!), files) : [];
  const named = (paths: readonly string[]) => paths.map((path) => relative(folder, path));
  if (more.length > 0)
    guessed.notes.push(
      `no service here runs Loki, but ${more.join(", ")} has one: everyline init ${[...named(files), ...more].map((name) => `-f ${name}`).join(" ")}`,
    );
  const text = configText(named(files), guessed, { envFiles: named(envFiles), profiles: options.profile });
  await writeFile(file, text);
  const unknown = [...text.matchAll(/^ *(\w+): FILL-IN/gm)].map(([, key]) => key);
  process.stdout.write(`${text}\nWrote ${file}.\n`);
  process.stdout.write(
    unknown.length > 0
      ? `Fill in ${unknown.join(", ")}, and check the rest, the selector above all. Then: everyline list\n`
      : "Check it, the selector above all. Then: everyline list\n",
  );
}

/** The variables of some files; a later file counts more. */
async function variablesIn(files: readonly string[]): Promise<NodeJS.Dict<string>> {
  const variables: NodeJS.Dict<string> = {};
  for (const file of files) {
    if (!(await exists(file))) throw new UsageError(`there is no file ${file}, which --env-file names.`);
    Object.assign(variables, parseEnv(await readFile(file, "utf8")));
  }
  return variables;
}
