import { join, resolve } from "node:path";
import type { Command } from "commander";
import { parseDurationSeconds } from "../base/duration.ts";
import { exitCodes } from "../base/errors.ts";
import { carryOutOne } from "../cli/kit/carry-out.ts";
import { historyOption, keepMeasurements } from "../cli/kit/history-option.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { layoutOption } from "../cli/kit/layout-option.ts";
import { assertRunnable, loadOwnPipeline } from "../custom/chosen-pipeline.ts";
import { openPlace } from "../places/open-place.ts";
import { carryOutSweep } from "./carry-out-sweep.ts";
import { sweepMeasurement } from "./sweep-measurement.ts";
import { sweepPlan } from "./sweep-plan.ts";
import { runLine } from "./sweep-rows.ts";
import { renderSweep, renderSweepPlan } from "./sweep-terminal.ts";
import { parseDurationRange, parseLinesRange, parseWidth, type SweptRange } from "./swept-range.ts";

const mostRunsOfEach = 100;
const mostLinesPerSecond = 1_000_000;

interface SweepOptions {
  pipeline?: string;
  config?: string;
  layout?: string;
  outage?: SweptRange;
  lines?: SweptRange;
  rate?: number;
  width: number;
  runs: number;
  budget: string;
  realTime?: boolean;
  dryRun?: boolean;
  json?: boolean;
  history?: string;
  out: string;
}

/** `everyline sweep`: from which length of outage lines are lost, or how long backlogs of several sizes take to drain. */
export function addSweepCommand(program: Command): void {
  program
    .command("sweep")
    .description(
      "find the length of outage from which lines are lost, or how long larger and larger backlogs take",
    )
    .argument("<scenario>", "NAME, or NAME/CASE for one case; `everyline list` shows them")
    .option(
      "--pipeline <name>",
      "the pipeline to run on (default: the first that the scenario has a claim for)",
    )
    .option("--config <file>", "a pipeline of your own, on which every outage lasts as long as it says")
    .addOption(layoutOption())
    .option(
      "--outage <range>",
      "lengths of outage, like 1m..2h or 1d..9d; searched by bisection",
      parseDurationRange,
    )
    .option(
      "--lines <range>",
      "lines written during the outage, like 10k..1M; in steps of 1, 3, 10, …",
      parseLinesRange,
    )
    .option(
      "--rate <n>",
      "with --lines: lines per second instead of the scenario's",
      integerOption("--rate", 1, mostLinesPerSecond),
    )
    .option("--width <percent>", "with --outage: how close the bounds have to be", parseWidth, 0.1)
    .option(
      "--runs <n>",
      "how many runs of each length or size decide",
      integerOption("--runs", 1, mostRunsOfEach),
      1,
    )
    .option(
      "--budget <duration>",
      "begin no run that would write its lines for longer than this in all",
      "2h",
    )
    .option("--real-time", "with --outage: try both bounds in real time in the end")
    .option("--dry-run", "tell what would be done, and start nothing")
    .option("--json", "print one JSON document")
    .addOption(historyOption())
    .option("--out <dir>", "where the sweep's folder goes, with the folders of its runs", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline sweep sink-outage --pipeline direct --outage 1m..2h      from which length Promtail's retries lose lines
  everyline sweep sink-down-24h --pipeline kafka --outage 1d..9d     from which length Kafka does not keep them
  everyline sweep recovery --pipeline direct --lines 10k..300k       how long backlogs of several sizes take to drain
  everyline sweep sink-outage --pipeline direct --outage 2m..20m --real-time      both bounds in real time as well
  everyline sweep sink-outage --pipeline direct --outage 1m..2h --dry-run         what would be done

Exit codes: 0 the claim holds, 1 broken, 2 unknown; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(sweep);
}

async function sweep(scenario: string, options: SweepOptions): Promise<void> {
  const own = await loadOwnPipeline(options);
  const plan = await sweepPlan(
    {
      ...{ scenario, own, pipeline: options.pipeline, layout: options.layout },
      ...{ outage: options.outage, lines: options.lines, linesPerSecond: options.rate },
      ...{ width: options.width, runs: options.runs, realTime: options.realTime ?? false },
      budgetSeconds: parseDurationSeconds(options.budget),
    },
    process.argv.slice(2),
  );
  if (own) await assertRunnable(own.pipeline);
  if (options.dryRun) {
    process.stdout.write(renderSweepPlan(plan));
    return;
  }
  const reportsFolder = resolve(options.out);
  const signal = interruptSignal();
  const place = await openPlace();
  const document = await carryOutSweep(plan, {
    ...{ signal, reportsFolder },
    carryOut: (request, position) => carryOutOne(request, { place, signal, position, json: true }),
    onRun: (nominal, run) => process.stderr.write(`${runLine(plan.swept.of, nominal, run)}\n`),
    onInterrupted: (folder) => process.stderr.write(`everyline: the sweep so far is kept: ${folder}\n`),
  });
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : renderSweep(document));
  process.stderr.write(`report: ${join(reportsFolder, document.sweepId)}\n`);
  const measurement = sweepMeasurement(document);
  await keepMeasurements(options.history, measurement === undefined ? [] : [measurement]);
  process.exitCode = exitCodes[document.verdict];
}
