import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { root, run } from "../support/command.ts";
import { OwnStack } from "../support/own-stack.ts";
import type { Change, PeopleStack } from "./stacks.ts";

/** The configuration that `init` writes. */
export const configFile = "everyline.config.yaml";

/** A copy of one of `fixtures/people` in which `init` was run, as its owner would. */
export async function initialised(stack: PeopleStack, ...changes: Change[]): Promise<OwnStack> {
  const copy = await OwnStack.copyOf(stack.name, {}, "fixtures/people");
  for (const change of changes) await applyTo(copy, change);
  const everyline = join(root, "bin/everyline");
  const env = { ...process.env, ...stack.environment };
  const { exitCode, stderr } = await run(everyline, ["init", ...(stack.options ?? [])], {
    cwd: copy.folder,
    env,
  });
  if (exitCode !== 0) throw new Error(`init of ${stack.name} ended with ${exitCode}: ${stderr}`);
  return copy;
}

/** Makes a change; an error if it changes nothing. */
export async function applyTo(copy: OwnStack, { file, find, put }: Change): Promise<void> {
  await copy.change(file, (text) => text.replace(find, put));
}

/** What `init` wrote. */
export async function configOf(copy: OwnStack): Promise<Record<string, unknown>> {
  return parse(await readFile(copy.path(configFile), "utf8"));
}
