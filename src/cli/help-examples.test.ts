import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { chooseRuns } from "../plan/choose-runs.ts";
import { claims } from "../plan/claims/table.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { programWith } from "./everyline.ts";

/** What `--help` of a command prints, what was added to it included. */
function helpOf(command: Command): string {
  let help = "";
  command
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
    })
    .outputHelp();
  return help;
}

/** Its examples, each as the words behind `everyline`; two spaces end the command, and begin what it does. */
function examplesIn(help: string): string[][] {
  const [, examples = ""] = help.split(/^Examples:\n/m);
  return [...examples.matchAll(/^ {2}everyline ?(.*?)(?: {2,}.*)?$/gm)].map(([, words]) => words!.split(" "));
}

const all = await programWith();
const commands = all.commands.filter((command) => command.name() !== "__complete");
const examples = commands.flatMap((command) => examplesIn(helpOf(command)).map((words) => ({ words })));

it.each(commands.map((command) => ({ name: command.name(), command })))(
  "$name has examples in its help, each of it",
  ({ name, command }) => {
    const own = examplesIn(helpOf(command));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(([first]) => first !== name)).toEqual([]);
  },
);

/** A program whose commands only record which of them was reached, and with what. */
async function parse(words: string[]) {
  const program = await programWith();
  const reached: { name: string; args: string[]; options: { pipeline?: string } }[] = [];
  const stub = (command: Command) => {
    command.action(
      () => void reached.push({ name: command.name(), args: command.args, options: command.opts() }),
    );
    command.commands.forEach(stub);
  };
  program.commands.forEach(stub);
  await program.parseAsync(words, { from: "user" });
  return reached;
}

describe("an example", () => {
  it.each(examples)("everyline $words: is understood", async ({ words }) => {
    expect(await parse(words)).toHaveLength(1);
  });

  it.each(examples.filter(({ words }) => words[0] === "run" && !words.includes("--config")))(
    "everyline $words: runs something",
    async ({ words }) => {
      const { args, options } = (await parse(words))[0]!;
      expect(chooseRuns(await loadScenarios(), args, options.pipeline).length).toBeGreaterThan(0);
    },
  );

  it.each(examples.filter(({ words }) => words.includes("--pipeline")))(
    "everyline $words: names pipelines that there are",
    async ({ words }) => {
      const named = words[words.indexOf("--pipeline") + 1]!;
      expect(["each", ...claims.map(({ pipeline }) => pipeline)]).toContain(named);
    },
  );
});
