import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { copyCheckout } from "./support/checkout.ts";
import { root, run } from "./support/command.ts";
import { commandsIn, type DocumentedCommand, pages, pagesToRun } from "./support/documented-commands.ts";
import { exactOutputs, exitCodes, runRules } from "./support/documented-runs.ts";
import { followPage } from "./support/follow-page.ts";
import { segmentsOf, streamOf } from "./support/shown-output.ts";

const files = await pagesToRun(root);
const documented = await Promise.all(
  files.map(async (file) => ({ file, commands: await commandsIn(root, file) })),
);

/** The environment of a reader's shell: npm hands its own log level to the programs that it runs. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")),
);

const nameOf = ({ file, text }: DocumentedCommand) => `${file}: ${text}`;
const ruleOf = (command: DocumentedCommand) => runRules.find(({ match }) => match.test(nameOf(command)));

it("are run of every page at night, and else of those that were changed", async () => {
  expect(await pages(root)).toEqual(expect.arrayContaining(files));
});

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
