import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ComposeModel } from "./compose-model.ts";
import { isConfigurationName, isWithin, pathsNamedBy } from "./configuration-path.ts";
import { configurationText } from "./configuration-text.ts";
import { isMachineFolder } from "./written-data.ts";

/** How much of a mounted folder is looked at. */
const maxEntries = 500;
const maxFiles = 50;

/** A text in which a service's settings stand. */
export interface SettingsText {
  /** Where it stands, for messages. */
  where: string;
  text: string;
}

/**
 * The command, environment and configuration files of a service, as far as they are files of this machine.
 *
 * @param logsPath a folder in containers that holds log files, which is left out; undefined if there is none
 */
export async function textsOf(
  model: ComposeModel,
  service: string,
  logsPath: string | undefined,
): Promise<SettingsText[]> {
  const { command, entrypoint, environment, volumes, configs } = model.services[service]!;
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const variables = Object.entries(environment).map(([name, value]) => variableText(name, value ?? ""));
  const texts = [
    { where: "its command", text: words.join("\n") },
    { where: "its environment", text: variables.join("\n") },
  ];
  const named = pathsNamedBy(model.services[service]!);
  const mounts = volumes.filter(
    ({ type, source, target }) =>
      type === "bind" &&
      source !== undefined &&
      !(logsPath !== undefined && isWithin(target, logsPath)) &&
      !isMachineFolder(source),
  );
  for (const { source, target } of mounts)
    for (const file of await configurationFiles(source!, target, named)) {
      const text = await configurationText(file);
      if (text !== undefined) texts.push({ where: file, text });
    }
  for (const { source } of configs ?? []) {
    const { content, file } = model.configs?.[source] ?? {};
    const text = content ?? (file === undefined ? undefined : await configurationText(file));
    if (text !== undefined) texts.push({ where: file ?? `the config ${source}`, text });
  }
  return texts;
}

/** A variable whose name says that it is a host may have nothing but the host's name as its value. */
function variableText(name: string, value: string): string {
  return /(HOST|SERVER|ADDR(ESS)?|ENDPOINT|URL|BROKERS?)S?$/i.test(name)
    ? `${name}=${value}\nhost=${value}`
    : `${name}=${value}`;
}

/** The files of a mount that are configuration by their names, or that the command names. */
async function configurationFiles(source: string, target: string, named: string[]): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  let seen = 0;
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const whole = join(source, path);
    const names = await entriesOf(whole);
    const inContainer = path === "" ? target : join(target, path);
    if (names === undefined) {
      if (isConfigurationName(whole) || named.includes(inContainer)) files.push(whole);
    } else pending.push(...names.map((name) => join(path, name)));
    seen += names?.length ?? 0;
    if (seen > maxEntries || files.length >= maxFiles) break;
  }
  return files.sort();
}

/** The names in a folder; undefined if it is no folder, or cannot be read. */
async function entriesOf(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch {
    return undefined;
  }
}
