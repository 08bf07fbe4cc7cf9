import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Argument, type Command } from "commander";
import { completionOf } from "./kit/candidates.ts";
import { valuesAt } from "./kit/value-sources.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** `everyline completion SHELL`: the completion script of a shell. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .description("print a shell script that completes commands, options, scenarios, pipelines and runs")
    .addArgument(new Argument("<shell>", "the shell that reads the script").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  everyline completion bash    for bash
  everyline completion zsh     for zsh
  everyline completion fish    for fish

To have it in every shell, with everyline on your PATH (bin/everyline may be linked from anywhere):
  bash    echo 'source <(everyline completion bash)' >> ~/.bashrc
          (the bash 3.2 of macOS: eval "$(everyline completion bash)")
  zsh     echo 'source <(everyline completion zsh)' >> ~/.zshrc     below the line that calls compinit
  fish    everyline completion fish > ~/.config/fish/completions/everyline.fish`,
    )
    .action(async (shell: (typeof shells)[number]) => {
      process.stdout.write(await readFile(join(import.meta.dirname, "shells", `everyline.${shell}`), "utf8"));
    });
}

/**
 * `everyline __complete -- WORD…`, which the scripts call: prints the possible completions of the last word, one a line, each followed
 * by a tab and its description. A line `:files` or `:folders` says that paths fit as well.
 */
export function addCompleteCommand(program: Command): void {
  program
    .command("__complete", { hidden: true })
    .argument("[word...]", "what follows the program's name, up to the cursor")
    .action(async (words: string[]) => {
      const { candidates, paths } = await completionOf(program, words, valuesAt);
      const lines = candidates.map(({ value, description = "" }) => `${value}\t${description}\n`);
      if (paths !== "none") lines.push(`:${paths}\n`);
      process.stdout.write(lines.join(""));
    });
}
