import type { Command } from "commander";
import { exitCodes } from "../base/errors.ts";
import type { Finding } from "../places/compose/inspect-machine.ts";

/** `everyline doctor`: shows what runs need and whether this machine has it; exit code 69 if no run is possible. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check that this machine has everything that runs need, and say what to do if it does not")
    .addHelpText(
      "after",
      `
Examples:
  everyline doctor    before the first run, and wherever one cannot start`,
    )
    .action(async () => {
      const { inspectMachine } = await import("../places/compose/inspect-machine.ts");
      const findings = await inspectMachine(process.cwd());
      process.stdout.write(doctorText(findings));
      if (findings.some(({ state }) => state === "missing")) process.exitCode = exitCodes.unavailable;
    });
}

/** The findings as plain text, one a line; below each missing requirement stands what to do. */
export function doctorText(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.map(({ subject, state, found, remedy }) => {
    const indent = " ".repeat(10 + width + 2);
    const line = `${state.padEnd(10)}${subject.padEnd(width)}  ${found.replaceAll("\n", `\n${indent}`)}`;
    return remedy ? `${line}\n${indent}-> ${remedy}` : line;
  });
  const missing = findings.filter(({ state }) => state === "missing").length;
  const summary = missing === 0 ? "Runs are possible." : `Runs are not possible: ${missing} missing.`;
  return `${lines.join("\n")}\n\n${summary}\n`;
}
