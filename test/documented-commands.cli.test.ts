import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exists } from "../src/base/exists.ts";
import { tempDir } from "../src/base/temp-dir.ts";
import { copyCheckout } from "./support/checkout.ts";
import { root, run } from "./support/command.ts";
import { commandsIn, pages, spansIn, synopsis } from "./support/documented-commands.ts";
import { runRules } from "./support/documented-runs.ts";
import { followPage } from "./support/follow-page.ts";

const files = await pages(root);
const documented = await Promise.all(
  files.map(async (file) => ({ file, commands: await commandsIn(root, file) })),
);
const scripts: Record<string, string> = JSON.parse(
  await readFile(join(root, "package.json"), "utf8"),
).scripts;

/** The help of every command, by its name. */
async function helps(): Promise<Map<string, string>> {
  const { stdout } = await run("bin/everyline", ["--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z-]+)(?: [[<]| {2})/gm)].map(([, name]) => name!);
  const texts = await Promise.all(
    names
      .filter((name) => name !== "help")
      .map(async (name) => [name, (await run("bin/everyline", [name, "--help"])).stdout] as const),
  );
  return new Map(texts);
}

const known = await helps();

const optionsIn = (text: string) =>
  [...text.matchAll(/(?<![\w-])(--[a-z][a-z-]*)/g)].map(([, option]) => option!);

/** The commands that a line of a shell consists of. */
const commandsOfShell = (text: string) => text.split(/[;&|]+/).map((command) => command.trim());

describe("the commands of the documentation", () => {
  it("are found", () => {
    expect(documented.flatMap(({ commands }) => commands).length).toBeGreaterThan(40);
  });

  it("are all in README's synopsis, with options that exist, and nothing else is", async () => {
    const lines = await synopsis(root);
    const shown = lines.map((line) => /^everyline ([a-z-]+)/.exec(line)?.[1]);
    expect(shown.toSorted()).toEqual([...known.keys()].toSorted());
    for (const line of lines) {
      const help = known.get(/^everyline ([a-z-]+)/.exec(line)![1]!)!;
      for (const option of optionsIn(line)) expect(help, line).toContain(option);
    }
  });

  it("exist where the text names them in passing, with the options it names", async () => {
    for (const { file } of documented) {
      for (const { line, text } of await spansIn(root, file)) {
        const [, script] = /^npm run ([\w:-]+)/.exec(text) ?? [];
        if (script !== undefined) expect(scripts, `${file}:${line} ${text}`).toHaveProperty([script]);
        for (const command of commandsOfShell(text)) {
          const name =
            /(?:^|\/|^\()everyline ([a-z-]+)/.exec(command)?.[1] ?? (script === "scenario" ? "run" : script);
          if (name === undefined || (script !== undefined && !known.has(name))) continue;
          const help = known.get(name);
          expect(help, `${file}:${line} ${text}`).toBeDefined();
          for (const option of optionsIn(command)) expect(help, `${file}:${line} ${text}`).toContain(option);
        }
      }
    }
  });

  it("that are not run here are run by what is named instead", async () => {
    for (const { coveredBy } of runRules) {
      const [, script] = /^npm run (.+)$/.exec(coveredBy) ?? [];
      if (script === undefined) expect(await exists(join(root, coveredBy)), coveredBy).toBe(true);
      else expect(scripts).toHaveProperty([script]);
    }
  });

  it.each(files.filter((file) => file.startsWith("docs/write-")))(
    "come with files and patches that apply to this tree: %s",
    async (file) => {
      await using dir = await tempDir("everyline-documented-");
      await copyCheckout(dir.path);
      await followPage(dir.path, file);
    },
  );
});
