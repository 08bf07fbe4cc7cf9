import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes, UsageError } from "../base/errors.ts";
import type { OwnPipelineOptions } from "../custom/chosen-pipeline.ts";
import type { Finding } from "../places/compose/inspect-machine.ts";
import type { StackFindings } from "../places/compose/inspect-stack.ts";
import { doctorLines } from "./doctor-text.ts";
import { repeated } from "./kit/repeated-option.ts";

type DoctorOptions = Pick<OwnPipelineOptions, "config" | "envFile" | "profile">;

/**
 * `everyline doctor`: shows what runs need and whether this machine has it; exit code 69 if no run is possible, 64 if it is the files of a
 * custom pipeline that stand in the way.
 */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check that this machine has everything that runs need, and say what to do if it does not")
    .option(
      "--config <file>",
      "also check a pipeline of your own (default: everyline.config.yaml or .ts of this folder)",
    )
    .option("--env-file <file>", "a file with variables for your Compose files; may be repeated", repeated)
    .option("--profile <name>", "a profile of your Compose files that is active; may be repeated", repeated)
    .addHelpText(
      "after",
      `
Examples:
  everyline doctor                                   before the first run, and wherever one cannot start
  everyline doctor --config everyline.config.yaml    also the files, addresses, images and subnets of your own pipeline`,
    )
    .action(async (options: DoctorOptions) => {
      const { inspectMachine } = await import("../places/compose/inspect-machine.ts");
      const machine = await inspectMachine(process.cwd());
      const { ofFiles, ofMachine } = await inspectOwn(options);
      process.stdout.write(doctorText([...machine, ...ofFiles, ...ofMachine]));
      const isMissing = ({ state }: Finding) => state === "missing";
      if (ofFiles.some(isMissing)) process.exitCode = exitCodes.usage;
      if ([...machine, ...ofMachine].some(isMissing)) process.exitCode = exitCodes.unavailable;
    });
}

/** What was found about the pipeline of the user's own, if there is one here. */
async function inspectOwn(options: DoctorOptions): Promise<StackFindings> {
  try {
    return await inspectConfigured(options);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    const finding: Finding = { subject: "your pipeline", state: "missing", found: thrown.message };
    return { ofFiles: [finding], ofMachine: [] };
  }
}

async function inspectConfigured(options: DoctorOptions): Promise<StackFindings> {
  const { loadOwnPipeline } = await import("../custom/chosen-pipeline.ts");
  const own = await loadOwnPipeline(options);
  const deployment = own?.pipeline.deployment;
  if (own !== undefined && deployment?.kind === "own") {
    const { inspectStack } = await import("../places/compose/inspect-stack.ts");
    return inspectStack(own.pipeline, deployment);
  }
  const { unconfigured } = await import("../custom/unconfigured.ts");
  const found = await unconfigured(resolve("."));
  if (found === undefined) return { ofFiles: [], ofMachine: [] };
  const { file, remedy } = found;
  const finding: Finding = {
    subject: "your pipeline",
    state: "optional",
    found: `${file} has no configuration here, so a run does not know what to test`,
    remedy: remedy.startsWith("--") ? `pass ${remedy}` : `\`${remedy}\` writes one`,
  };
  return { ofFiles: [finding], ofMachine: [] };
}

/** The findings as plain text, and whether runs are possible. */
export function doctorText(findings: Finding[]): string {
  const missing = findings.filter(({ state }) => state === "missing").length;
  const summary = missing === 0 ? "Runs are possible." : `Runs are not possible: ${missing} missing.`;
  return `${doctorLines(findings)}\n${summary}\n`;
}
