import { access } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../../base/exists.ts";
import type { ComposeModel } from "./compose-model.ts";
import { isConfigurationName, pathsNamedBy } from "./configuration-path.ts";
import type { SourceLines } from "./source-lines.ts";
import type { StackProblem } from "./stack-problem.ts";

/**
 * Files that services need at their start and that do not exist: mounted configuration, files of `configs` and `secrets`, and what images
 * are built from. Of a mount that does not exist, Docker would make an empty folder.
 */
export async function missingFiles(
  model: ComposeModel,
  started: readonly string[],
  lines: SourceLines,
): Promise<StackProblem[]> {
  const problems: StackProblem[] = [];
  for (const name of started) {
    const service = model.services[name]!;
    const named = pathsNamedBy(service);
    for (const { type, source, target } of service.volumes) {
      if (type !== "bind" || source === undefined) continue;
      if (!isConfigurationName(target) && !named.includes(target)) continue;
      if (await exists(source)) continue;
      problems.push({
        at: lines.at(["services", name, "volumes"], target),
        text: `${name} mounts ${source} at ${target}, and there is no such file; Docker would put an empty folder there. Create it, or correct the path.`,
      });
    }
    problems.push(...(await missingBuild(name, service.build, lines)));
  }
  for (const kind of ["configs", "secrets"] as const)
    for (const [key, { file }] of Object.entries(model[kind] ?? {})) {
      const isUsed = started.some((name) =>
        model.services[name]![kind]?.some(({ source }) => source === key),
      );
      if (!isUsed || file === undefined || (await exists(file))) continue;
      problems.push({
        at: lines.at([kind, key, "file"]),
        text: `the file ${file} of ${kind}.${key} does not exist. Create it, or correct the path.`,
      });
    }
  return problems;
}

async function missingBuild(name: string, build: unknown, lines: SourceLines): Promise<StackProblem[]> {
  const { context, dockerfile, dockerfile_inline: inline } = (build ?? {}) as Record<string, unknown>;
  if (typeof context !== "string" || !context.startsWith("/")) return [];
  const file = join(context, typeof dockerfile === "string" ? dockerfile : "Dockerfile");
  const isThere = await access(inline === undefined ? file : context).then(
    () => true,
    () => false,
  );
  if (isThere) return [];
  return [
    {
      at: lines.at(["services", name, "build"]),
      text: `${name} is built from ${inline === undefined ? file : context}, which does not exist. Create it, or correct the path.`,
    },
  ];
}
