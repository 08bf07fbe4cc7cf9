import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { EverylineError, exitCodes, messageOf } from "../base/errors.ts";
import { cacheFolder, installedFolder } from "../base/installation.ts";
import { shortHelp, unknownCommand } from "./kit/short-help.ts";

/** Adds one command to the program; its action sets `process.exitCode`. */
export type AddCommand = (program: Command) => void;

/** Every command, loaded only when needed: `verify` needs no Docker client. */
const commands: Record<string, () => Promise<AddCommand>> = {
  run: async () => (await import("./run-command.ts")).addRunCommand,
  init: async () => (await import("../custom/init-command.ts")).addInitCommand,
  list: async () => (await import("./list-command.ts")).addListCommand,
  check: async () => (await import("./check-command.ts")).addCheckCommand,
  compare: async () => (await import("./compare-command.ts")).addCompareCommand,
  report: async () => (await import("./report-command.ts")).addReportCommand,
  open: async () => (await import("./open-command.ts")).addOpenCommand,
  generate: async () => (await import("./generate-command.ts")).addGenerateCommand,
  "known-bugs": async () => (await import("../known-bugs/known-bugs-command.ts")).addKnownBugsCommand,
  nightly: async () => (await import("../nights/nightly-command.ts")).addNightlyCommand,
  alerts: async () => (await import("../rule-trials/alerts-command.ts")).addAlertsCommand,
  matrix: async () => (await import("./matrix-command.ts")).addMatrixCommand,
  soak: async () => (await import("../soak/soak-command.ts")).addSoakCommand,
  throughput: async () => (await import("../throughput/throughput-command.ts")).addThroughputCommand,
  sweep: async () => (await import("../sweeps/sweep-command.ts")).addSweepCommand,
  reliability: async () => (await import("../reliability/reliability-command.ts")).addReliabilityCommand,
  upgrade: async () => (await import("../upgrades/upgrade-command.ts")).addUpgradeCommand,
  verify: async () => (await import("./verify-command.ts")).addVerifyCommand,
  images: async () => (await import("./images-command.ts")).addImagesCommand,
  doctor: async () => (await import("./doctor-command.ts")).addDoctorCommand,
  clean: async () => (await import("./clean-command.ts")).addCleanCommand,
  completion: async () => (await import("./completion-command.ts")).addCompletionCommand,
  __complete: async () => (await import("./completion-command.ts")).addCompleteCommand,
};

/**
 * The program with some of its commands; with all of them unless told otherwise.
 *
 * @param names keys of `commands`
 */
export async function programWith(names: string[] = Object.keys(commands)): Promise<Command> {
  const program = new Command("everyline")
    .description(
      "Proves, line by line, what a log pipeline loses, duplicates, reorders or corrupts when things break.",
    )
    .version(versionOfPackage(), "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "everyline: ")) })
    .showHelpAfterError("(everyline --help shows every command)");
  for (const add of await Promise.all(names.map((name) => commands[name]!()))) add(program);
  for (const command of program.commands)
    command.showHelpAfterError(`(everyline ${command.name()} --help shows its options)`);
  return program;
}

/**
 * Parses and runs one command line.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code, one of `exitCodes`
 */
export async function main(argv: string[]): Promise<number> {
  const [name] = argv;
  if (name === undefined) {
    // Not exit code 0: without a command nothing was tested, and a script that checks only the exit code must not read it as `holds`.
    process.stderr.write(shortHelp);
    return exitCodes.usage;
  }
  try {
    if (!name.startsWith("-") && name !== "help" && !Object.hasOwn(commands, name))
      throw await unknownCommand(
        name,
        Object.keys(commands).filter((known) => !known.startsWith("_")),
      );
    const program = await programWith(commandsFor(argv));
    await program.parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? exitCodes.holds);
  } catch (thrown) {
    return exitCodeOf(thrown);
  }
}

/** The commands that are needed for a command line, so that `verify` and completions do not wait for the rest. */
function commandsFor([name = "", ...rest]: string[]): string[] | undefined {
  if (!Object.hasOwn(commands, name)) return undefined;
  if (name !== "__complete") return [name];
  // The words to complete come after `--`; the last of them is not complete.
  const [, completed = "", ...more] = rest;
  return more.length > 0 && Object.hasOwn(commands, completed) ? [completed, name] : undefined;
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.usage;
  if (thrown instanceof EverylineError) {
    process.stderr.write(`everyline: ${thrown.message}\n`);
    return thrown.exitCode;
  }
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    process.stderr.write(
      `everyline: the disk is full: ${messageOf(thrown)}. Free some space, or use another with --out.\n`,
    );
    return exitCodes.unavailable;
  }
  process.stderr.write(`everyline: internal error: ${messageOf(thrown)}\n`);
  if (process.env.EVERYLINE_DEBUG && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  else process.stderr.write("Set EVERYLINE_DEBUG=1 for the stack trace, and please report it.\n");
  return exitCodes.internal;
}

/** The reader of our output may close it early, as `head` does; that is not an error. */
function exitOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

function versionOfPackage(): string {
  return JSON.parse(readFileSync(join(installedFolder, "package.json"), "utf8")).version;
}

/** Runs the command line of this process, and sets its exit code. */
export async function start(): Promise<void> {
  // Half of the time of a short command is spent on compiling its imports; a cache halves that.
  enableCompileCache(join(cacheFolder(process.env), "compile-cache"));
  exitOnClosedPipe();
  process.exitCode = await main(process.argv.slice(2));
}

if (import.meta.main) await start();
