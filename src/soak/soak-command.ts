import { resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes, UsageError } from "../base/errors.ts";
import { historyOption, keepMeasurements } from "../cli/kit/history-option.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { layoutOption } from "../cli/kit/layout-option.ts";
import { parseSeed } from "../load/line.ts";
import { randomSeed } from "../load/seed.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { openPlace } from "../places/open-place.ts";
import { carryOutSoak } from "./carry-out-soak.ts";
import { soakMeasurement } from "./soak-measurement.ts";
import { soakPlan } from "./soak-plan.ts";
import { renderSoak, renderSoakPlan } from "./soak-terminal.ts";
import { volumeMeasurements } from "./volume-measurements.ts";

const mostLinesPerSecond = 100_000;
const longestHours = 24 * 7;

interface SoakOptions {
  pipeline: string;
  layout?: string;
  hours: number;
  rate: number;
  seed?: string;
  dryRun?: boolean;
  json?: boolean;
  history?: string;
  out: string;
}

/** `everyline soak`: a long run without a fault, which looks for drift. */
export function addSoakCommand(program: Command): void {
  program
    .command("soak")
    .description(
      "write lines at one rate for hours, break nothing, and look for leaks and for falling behind",
    )
    .requiredOption("--pipeline <name>", "the pipeline to run on")
    .addOption(layoutOption())
    .requiredOption("--hours <n>", "how long lines are written, like 8 or 0.5", parseHours)
    .option("--rate <n>", "lines per second", integerOption("--rate", 1, mostLinesPerSecond), 100)
    .option("--seed <s>", "the seed of the lines (default: a new one each time)", parseSeed)
    .option("--dry-run", "tell what would be done, and start nothing")
    .option("--json", "print one JSON document")
    .addOption(historyOption())
    .option("--out <dir>", "where the reports go", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline soak --pipeline direct --hours 0.5 --rate 500    half an hour of Option 1
  everyline soak --pipeline kafka --hours 8                  a night of Option 2, at 100 lines per second
  everyline soak --pipeline direct --hours 0.5 --rate 6100   half an hour at the rate of 100 GB a day
  everyline soak --pipeline direct --hours 24 --dry-run      what would be done

Exit codes: 0 nothing was lost and nothing drifts, 1 broken, 2 unknown; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(soak);
}

async function soak({ hours, rate, layout, ...options }: SoakOptions): Promise<void> {
  const pipeline = await loadPipeline(options.pipeline, layout);
  const plan = await soakPlan({ pipeline, hours, linesPerSecond: rate });
  if (options.dryRun) {
    process.stdout.write(renderSoakPlan(plan));
    return;
  }
  const signal = interruptSignal();
  const place = await openPlace();
  const { seed = randomSeed(), out } = options;
  const document = await carryOutSoak(plan, { place, signal, seed, reportsFolder: resolve(out) });
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : renderSoak(document));
  await keepMeasurements(options.history, [soakMeasurement(document), ...volumeMeasurements(document)]);
  process.exitCode = exitCodes[document.verdict];
}

function parseHours(text: string): number {
  const hours = /^\d{1,3}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
  if (hours > 0 && hours <= longestHours) return hours;
  throw new UsageError(
    `expected hours above 0 and up to ${longestHours} for --hours, got ${JSON.stringify(text)}; write them like --hours 8 or --hours 0.5.`,
  );
}
