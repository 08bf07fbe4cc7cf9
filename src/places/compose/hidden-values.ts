import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { isSecretName } from "../../base/redact.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import type { ComposeModel } from "./compose-model.ts";
import { configurationText } from "./configuration-text.ts";

/** A longer file is no password or key. */
const maxSecretLength = 10_000;

/**
 * Values that no report may contain: those of the env files and of this process's environment whose names say that they are secret, and the
 * content of the Compose files' `secrets`.
 */
export async function hiddenValues(
  { file, composeFiles, envFiles }: OwnConfig,
  model: ComposeModel,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  const folders = new Set([dirname(file), ...composeFiles.map((each) => dirname(each))]);
  const files = envFiles.length > 0 ? envFiles : [...folders].map((folder) => join(folder, ".env"));
  const texts = await Promise.all(files.map(configurationText));
  const variables = texts.flatMap((text) => Object.entries(text === undefined ? {} : parseEnv(text)));
  const named = [...variables, ...(await usedOf(environment, composeFiles))].flatMap(([name, value]) =>
    isSecretName(name) && value ? [value] : [],
  );
  const secrets = Object.values(model.secrets ?? {}).map(async ({ file, content }) => {
    const text = content ?? (file === undefined ? undefined : await configurationText(file));
    return text === undefined || text.length > maxSecretLength ? [] : [text.trim()];
  });
  return [...named, ...(await Promise.all(secrets)).flat()];
}

/** The variables of this process that Compose files name. */
async function usedOf(environment: NodeJS.ProcessEnv, files: readonly string[]) {
  const texts = await Promise.all(files.map(configurationText));
  const names = texts.flatMap((text) =>
    [...(text ?? "").matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name!),
  );
  return [...new Set(names)].map((name) => [name, environment[name]] as const);
}
