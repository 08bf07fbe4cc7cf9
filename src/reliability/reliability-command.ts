import { join, resolve } from "node:path";
import type { Command } from "commander";
import { parseDurationSeconds } from "../base/duration.ts";
import { exitCodes } from "../base/errors.ts";
import { historyOption, keepMeasurements } from "../cli/kit/history-option.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { layoutOption } from "../cli/kit/layout-option.ts";
import { parseSeed } from "../load/line.ts";
import { randomSeed } from "../load/seed.ts";
import { openPlace } from "../places/open-place.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { reliabilityMeasurement } from "./reliability-measurement.ts";
import { reliabilityPlan } from "./reliability-plan.ts";
import { renderReliability, renderReliabilityPlan } from "./reliability-terminal.ts";

const mostRuns = 10_000;

interface ReliabilityOptions {
  pipeline: string;
  layout?: string;
  runs: number;
  seed?: string;
  budget?: string;
  dryRun?: boolean;
  json?: boolean;
  history?: string;
  out: string;
}

/** `everyline reliability`: what share of its lines a pipeline delivers in runs that were drawn, and whether that supports what is claimed. */
export function addReliabilityCommand(program: Command): void {
  program
    .command("reliability")
    .description("break a pipeline at random and bound the share of lines that it delivers")
    .requiredOption("--pipeline <name>", "the pipeline to measure")
    .addOption(layoutOption())
    .option("--runs <n>", "draw N runs", integerOption("--runs", 1, mostRuns), 20)
    .option("--seed <s>", "draws the same runs again (default: a new one)", parseSeed)
    .option("--budget <duration>", "begin no run after this time")
    .option("--dry-run", "tell which runs were drawn, and start nothing")
    .option("--json", "print one JSON document")
    .addOption(historyOption())
    .option("--out <dir>", "where the reports go", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline reliability --pipeline direct                     20 runs, each with one fault at a random moment
  everyline reliability --pipeline kafka --runs 10 --seed 7   the first ten that this seed draws
  everyline reliability --pipeline direct --dry-run           which runs would be drawn

Exit codes: 0 the claim holds, 1 broken, 2 unknown; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(reliability);
}

async function reliability(options: ReliabilityOptions): Promise<void> {
  const { pipeline, layout, runs, seed = randomSeed(), budget } = options;
  const budgetSeconds = budget === undefined ? null : parseDurationSeconds(budget);
  const plan = await reliabilityPlan(await loadScenarios(), { pipeline, layout, runs, seed, budgetSeconds });
  if (options.dryRun) {
    process.stdout.write(renderReliabilityPlan(plan));
    return;
  }
  const { carryOutReliability } = await import("./carry-out-reliability.ts");
  const reportsFolder = resolve(options.out);
  const signal = interruptSignal();
  const place = await openPlace();
  const document = await carryOutReliability(plan, { place, signal, reportsFolder });
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : renderReliability(document));
  process.stderr.write(`report: ${join(reportsFolder, document.reliabilityId)}\n`);
  await keepMeasurements(options.history, [reliabilityMeasurement(document)]);
  process.exitCode = exitCodes[document.verdict];
}
