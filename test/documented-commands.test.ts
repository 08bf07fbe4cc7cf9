import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exists } from "../src/base/exists.ts";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { copyCheckout } from "./support/checkout.ts";
import { root, run } from "./support/command.ts";
import {
  commandsIn,
  type DocumentedCommand,
  pages,
  spansIn,
  synopsis,
} from "./support/documented-commands.ts";
import { exactOutputs, exitCodes, runRules } from "./support/documented-runs.ts";
import { segmentsOf, streamOf } from "./support/shown-output.ts";

const files = await pages(root);
const documented = await Promise.all(
  files.map(async (file) => ({ file, commands: await commandsIn(root, file) })),
);
const scripts: Record<string, string> = JSON.parse(
  await readFile(join(root, "package.json"), "utf8"),
).scripts;

/** What a reader's shell has: npm tells what it runs how quiet it was itself told to be. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")),
);

const nameOf = ({ file, text }: DocumentedCommand) => `${file}: ${text}`;
const ruleOf = (command: DocumentedCommand) => runRules.find(({ match }) => match.test(nameOf(command)));

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

const optionsIn = (text: string) =>
  [...text.matchAll(/(?<![\w-])(--[a-z][a-z-]*)/g)].map(([, option]) => option!);

describe("the commands of the documentation", () => {
  it("are found", () => {
    expect(documented.flatMap(({ commands }) => commands).length).toBeGreaterThan(40);
  });

  it("are all in README's synopsis, with options that exist, and nothing else is", async () => {
    const known = await helps();
    const lines = await synopsis(root);
    const shown = lines.map((line) => /^everyline ([a-z-]+)/.exec(line)?.[1]);
    expect(shown.toSorted()).toEqual([...known.keys()].toSorted());
    for (const line of lines) {
      const help = known.get(/^everyline ([a-z-]+)/.exec(line)![1]!)!;
      for (const option of optionsIn(line)) expect(help, line).toContain(option);
    }
  });

  it("exist where the text names them in passing, with the options it names", async () => {
    const known = await helps();
    for (const { file } of documented) {
      for (const { line, text } of await spansIn(root, file)) {
        const [, script] = /^npm run ([\w:-]+)/.exec(text) ?? [];
        if (script !== undefined) expect(scripts, `${file}:${line} ${text}`).toHaveProperty([script]);
        const name =
          /(?:^|\/)everyline ([a-z-]+)/.exec(text)?.[1] ?? (script === "scenario" ? "run" : script);
        if (name === undefined || (script !== undefined && !known.has(name))) continue;
        const help = known.get(name);
        expect(help, `${file}:${line} ${text}`).toBeDefined();
        for (const option of optionsIn(text)) expect(help, `${file}:${line} ${text}`).toContain(option);
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
});

/** Puts the whole files and the patches that a page shows into a tree. */
async function followPage(folder: string, file: string): Promise<void> {
  const text = await readFile(join(root, file), "utf8");
  for (const [, path, , body] of text.matchAll(/^`([\w./-]+)`[^\n]*:\n\n```(ts|yaml)\n([\s\S]*?)^```$/gm)) {
    await mkdir(dirname(join(folder, path!)), { recursive: true });
    await writeFile(join(folder, path!), body!);
  }
  for (const [, body] of text.matchAll(/^```diff\n([\s\S]*?)^```$/gm)) {
    const patch = join(folder, "page.patch");
    await writeFile(patch, body!);
    const { exitCode, stderr, stdout } = await run("patch", ["-p1", "--input", patch], { cwd: folder });
    expect(exitCode, `${file}: ${stdout}${stderr}`).toBe(0);
  }
}

describe.each(documented.filter(({ commands }) => commands.length > 0))("$file", ({ file, commands }) => {
  let dir: TempDir;
  let folder: string;
  let workingFolder: string;
  beforeAll(async () => {
    dir = await tempDir("everyline-documented-");
    folder = join(dir.path, "everyline");
    workingFolder = folder;
    await copyCheckout(folder);
    if (file.startsWith("docs/write-")) await followPage(folder, file);
  });
  afterAll(() => dir[Symbol.asyncDispose]());

  // One that is shown again with its output is run there.
  const distinct = commands.filter(
    ({ text, output }, index) =>
      output !== undefined ||
      !commands.some((other, at) => other.text === text && (other.output !== undefined || at < index)),
  );

  it.each(distinct)("line $line: $text", async (command) => {
    const rule = ruleOf(command);
    if (rule !== undefined && rule.instead === undefined) return;
    const text = rule?.instead?.(command.text) ?? command.text;
    if (command.isFirst) workingFolder = folder;
    const script = `${text}\n__code=$?; pwd > "${dir.path}/pwd"; exit $__code`;
    const env = { ...environment, PATH: `${folder}/bin:${process.env.PATH}` };
    const { exitCode, stdout } = await run("bash", ["-c", `exec 2>&1; ${script}`], {
      cwd: workingFolder,
      env,
    });
    workingFolder = (await readFile(join(dir.path, "pwd"), "utf8")).trim();
    const expected = exitCodes.find(({ match }) => match.test(nameOf(command)))?.exitCode ?? 0;
    expect(exitCode, stdout).toBe(expected);
    if (rule !== undefined || command.output === undefined) return;
    if (exactOutputs.some((match) => match.test(nameOf(command)))) {
      expect(stdout.trimEnd()).toBe(command.output.join("\n"));
      return;
    }
    const real = streamOf(stdout);
    let from = 0;
    for (const segment of segmentsOf(command.output)) {
      const at = real.indexOf(segment, from);
      if (at < 0) expect(real.slice(from)).toContain(segment);
      from = at + segment.length;
    }
  });
});
