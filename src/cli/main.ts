import { Command, CommanderError } from "commander";
import { EverylineError, exitCodes, messageOf } from "../errors.ts";
import { addCheckCommand } from "./check.ts";
import { addCleanCommand } from "./clean.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addGenerateCommand } from "./generate.ts";
import { addImagesCommand } from "./images.ts";
import { addListCommand } from "./list.ts";
import { addRunCommand } from "./run.ts";
import { addVerifyCommand } from "./verify.ts";

/** Adds one command to the program; its action sets `process.exitCode`. */
export type AddCommand = (program: Command) => void;

const commands: AddCommand[] = [
  addRunCommand,
  addListCommand,
  addCheckCommand,
  addGenerateCommand,
  addVerifyCommand,
  addImagesCommand,
  addDoctorCommand,
  addCleanCommand,
];

/**
 * Parses and runs one command line.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code, one of `exitCodes`
 */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("everyline")
    .description(
      "Proves, line by line, what a log pipeline loses, duplicates, reorders or corrupts when things break.",
    )
    .exitOverride()
    .showHelpAfterError("(everyline --help shows every command)");
  for (const add of commands) add(program);
  try {
    await program.parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? exitCodes.holds);
  } catch (thrown) {
    return exitCodeOf(thrown);
  }
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.usage;
  if (thrown instanceof EverylineError) {
    process.stderr.write(`everyline: ${thrown.message}\n`);
    return thrown.exitCode;
  }
  process.stderr.write(`everyline: internal error: ${messageOf(thrown)}\n`);
  if (process.env.EVERYLINE_DEBUG && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  else process.stderr.write("Set EVERYLINE_DEBUG=1 for the stack trace, and please report it.\n");
  return exitCodes.internal;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
