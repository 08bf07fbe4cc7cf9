import { Command, CommanderError } from "commander";
import { EverylineError, exitCodes, messageOf } from "../errors.ts";

/** Adds one command to the program; its action sets `process.exitCode`. */
export type AddCommand = (program: Command) => void;

/** Every command, loaded only when it is asked for: `verify` needs no Docker client. */
const commands: Record<string, () => Promise<AddCommand>> = {
  run: async () => (await import("./run.ts")).addRunCommand,
  init: async () => (await import("./init.ts")).addInitCommand,
  list: async () => (await import("./list.ts")).addListCommand,
  check: async () => (await import("./check.ts")).addCheckCommand,
  report: async () => (await import("./report.ts")).addReportCommand,
  generate: async () => (await import("./generate.ts")).addGenerateCommand,
  "known-bugs": async () => (await import("./known-bugs.ts")).addKnownBugsCommand,
  nightly: async () => (await import("./nightly.ts")).addNightlyCommand,
  matrix: async () => (await import("./matrix.ts")).addMatrixCommand,
  verify: async () => (await import("./verify.ts")).addVerifyCommand,
  images: async () => (await import("./images.ts")).addImagesCommand,
  doctor: async () => (await import("./doctor.ts")).addDoctorCommand,
  clean: async () => (await import("./clean.ts")).addCleanCommand,
};

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
  const [name = ""] = argv;
  const wanted = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const load of wanted) (await load())(program);
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

/** Whoever reads our output may have seen enough, as `head` has: nothing to complain about. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

if (import.meta.main) {
  endQuietlyWhenNobodyReads();
  process.exitCode = await main(process.argv.slice(2));
}
