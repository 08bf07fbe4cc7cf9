import type { ComposeService } from "./compose-model.ts";

/** Names of files that programs are configured by, as far as a name tells. */
const configurationFile =
  /\.(ya?ml|json|jsonnet|conf|cfg|ini|toml|alloy|river|hcl|properties|env|xml|lua|rb|js|cjs|mjs|ts|py|sh|tmpl|tpl|crt|cert|pem|key)$/i;

/** Every absolute path that a service's command, entry point and environment name. */
export function pathsNamedBy({ command, entrypoint, environment }: ComposeService): string[] {
  const words = [...(command ?? []), ...(entrypoint ?? []), ...Object.values(environment)];
  return words.flatMap((word) =>
    [...`${word ?? ""}`.matchAll(/(?:^|[\s=:,;"'(])(\/[\w.@-][\w./@-]*)/g)].map(([, path]) => path!),
  );
}

/** Whether a program may be configured by the file at a path of its container: by its name, where it lies, or because it is named. */
export function isConfigurationPath(path: string, named: readonly string[]): boolean {
  return configurationFile.test(path) || path.startsWith("/etc/") || named.includes(path);
}

/** Whether a path lies in a folder, or is it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
