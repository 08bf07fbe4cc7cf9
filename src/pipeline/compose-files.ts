import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { exists } from "../base/exists.ts";

/** The names that Compose itself looks for, in this order. */
export const composeNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

/**
 * The files that `docker compose up` takes in a folder: those of COMPOSE_FILE, in the environment or in `.env`, otherwise the one that it
 * finds by its name, and an override file in the same folder.
 *
 * @returns paths; none if there is no Compose file
 */
export async function composeFilesIn(folder: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const variables = { ...(await dotenvIn(folder)), ...environment };
  const { COMPOSE_FILE: named, COMPOSE_PATH_SEPARATOR: separator = ":" } = variables;
  if (named) return named.split(separator).map((name) => resolve(folder, name));
  const [file] = await existing(folder, composeNames);
  if (file === undefined) return [];
  const [override] = await existing(folder, overrideNames);
  return override === undefined ? [file] : [file, override];
}

async function existing(folder: string, names: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) if (await exists(join(folder, name))) found.push(join(folder, name));
  return found;
}

async function dotenvIn(folder: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(join(folder, ".env"), "utf8"));
  } catch {
    // Missing or not readable: Compose reports that itself if it needs the file.
    return {};
  }
}
