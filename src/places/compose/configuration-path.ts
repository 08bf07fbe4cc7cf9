import type { ComposeService } from "./compose-model.ts";

/** Typical names of configuration files. */
const configurationFile =
  /\.(ya?ml|json|jsonnet|conf|cfg|ini|toml|alloy|river|hcl|properties|env|xml|lua|rb|js|cjs|mjs|ts|py|sh|tmpl|tpl|crt|cert|pem|key)$/i;

/** Every absolute path in a service's command, entry point and environment. */
export function pathsNamedBy({ command, entrypoint, environment }: ComposeService): string[] {
  const words = [...(command ?? []), ...(entrypoint ?? []), ...Object.values(environment)];
  return words.flatMap((word) =>
    [...`${word ?? ""}`.matchAll(/(?:^|[\s=:,;"'(])(\/[\w.@-][\w./@-]*)/g)].map(([, path]) => path!),
  );
}

/** Whether a file is probably configuration, judging by its name alone. */
export function isConfigurationName(path: string): boolean {
  return configurationFile.test(path);
}

/** Whether the file at a path of a container may be configuration: by its name, by its folder, or because the command names it. */
export function isConfigurationPath(path: string, named: readonly string[]): boolean {
  return configurationFile.test(path) || path.startsWith("/etc/") || named.includes(path);
}

/** Whether a path is in a folder, or is the folder itself. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
