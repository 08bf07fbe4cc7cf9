import { appendFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { describeDuration, parseDurationSeconds } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { repeated } from "../cli/kit/repeated-option.ts";
import { assertRunnable, loadOwnPipeline } from "../custom/chosen-pipeline.ts";
import { unconfiguredNote } from "../custom/unconfigured.ts";
import { openPlace } from "../places/open-place.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { appendHistory, historyFile, readHistory } from "../store/history.ts";
import type { HistoryEntry, NightEnd } from "../store/history-entry.ts";
import { renderAnnotations } from "./github.ts";
import { type NightReport, reportNight } from "./night.ts";
import type { NightDocument } from "./night-document.ts";
import { unfinishedNight } from "./night-folder.ts";
import { describeAtOnce, renderNightMarkdown } from "./night-markdown.ts";
import { expectedSeconds } from "./night-queue.ts";
import {
  type ChosenRows,
  describeNotPossible,
  type NightOptions,
  newNight,
  nightRows,
  ownNightRows,
} from "./night-rows.ts";
import { renderNight } from "./night-terminal.ts";
import { thinNights } from "./thin-nights.ts";
import { writeNightReports } from "./write-night-reports.ts";

const maxRepeats = 1_000;
const maxNights = 10_000;
/** Each run has up to fifteen containers. */
const maxAtOnce = 16;

interface NightlyOptions {
  pipeline?: string[];
  config?: string;
  layout?: string;
  repeat: number;
  budget?: string;
  atOnce?: number;
  resume?: boolean;
  thinAfter: number;
  alerts: boolean;
  dryRun?: boolean;
  json?: boolean;
  out: string;
}

/** `everyline nightly`: runs the guarantees table and compares it with the known results and with earlier nights. */
export function addNightlyCommand(program: Command): void {
  program
    .command("nightly")
    .description("run the guarantees table and compare it with the known results and with earlier nights")
    .argument("[scenario...]", "names as `everyline run` takes them (default: all)")
    .option(
      "--pipeline <name>",
      "only on this one; may be repeated (default: every pipeline with a claim)",
      repeated,
    )
    .option("--config <file>", "a pipeline of your own instead, of which every row is expected to hold")
    .option(
      "--layout <name>",
      "the layout of pipelines that have several, unless a scenario needs a certain one",
    )
    .option("--repeat <n>", "run each row N times", integerOption("--repeat", 1, maxRepeats), 1)
    .option("--budget <duration>", "start no run that would not end within this total time, like 90m or 8h")
    .option(
      "--at-once <n>",
      "carry out N runs at the same time (default: 1)",
      integerOption("--at-once", 1, maxAtOnce),
    )
    .option("--resume", "continue the last night, which was aborted, as it was planned")
    .option(
      "--thin-after <nights>",
      "keep all files of the last N nights; of earlier nights only the reports, not every line as it was read",
      integerOption("--thin-after", 1, maxNights),
      7,
    )
    .option("--no-alerts", "do not start Prometheus and Alertmanager, so that no alerts are observed")
    .option("--dry-run", "print what would be run, in which order and how long it is expected to take")
    .option("--json", "print one JSON document")
    .option("--out <dir>", "where the reports and the history are", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline nightly                                   every row on every pipeline, once
  everyline nightly --budget 90m                      as many as fit, beginning with those not run for the longest
  everyline nightly --repeat 5 --pipeline direct      each row of one pipeline five times, with confidence intervals
  everyline nightly --at-once 2                       two runs at a time: faster where processors are left
  everyline nightly --resume                          go on after an abort
  everyline nightly --config everyline.config.yaml    a pipeline of your own
  everyline nightly --budget 8h --dry-run             what would be run, and how long that is expected to take

Exit codes: 0 green: every row that was run came to what is known of it; 1 a row is worse than known; 2 a row is unknown, or better than
known; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(nightly);
}

async function nightly(names: string[], options: NightlyOptions): Promise<void> {
  const reportsFolder = resolve(options.out);
  const historyPath = join(reportsFolder, historyFile);
  const history = await readHistory(historyPath);
  const resumed = options.resume ? await nightToResume(reportsFolder, names, options) : undefined;
  const wanted = resumed?.options ?? optionsOf(names, options);
  if (wanted.config === null && wanted.pipelines.length === 0)
    process.stderr.write(await unconfiguredNote(resolve(".")));
  const chosen = await rowsOf(wanted);
  const night = resumed ?? newNight(chosen, wanted, history.runs);
  if (options.dryRun) return printQueue(night, history.runs);
  const { carryOutNight } = await import("./carry-out-night.ts");
  const signal = interruptSignal();
  const place = await openPlace();
  try {
    await carryOutNight(night, chosen.rows, {
      place,
      signal,
      reportsFolder,
      historyPath,
      history: history.runs,
    });
  } finally {
    if (night.done.length > 0) await writeNightReports(reportNight(night, history), reportsFolder);
    if (night.finishedAt === null) process.stderr.write(`${resumeHint(options)}\n`);
  }
  const report = reportNight(night, history);
  await appendHistory(historyPath, endOf(report));
  await thinNights(reportsFolder, options.thinAfter);
  await reportToGitHub(report);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderNight(report));
  process.stderr.write(`report: ${join(reportsFolder, night.nightId)}\n`);
  process.exitCode = report.exitCode;
}

/** A resumed night continues as it was planned, so no other option makes sense. */
async function nightToResume(
  reportsFolder: string,
  names: string[],
  { pipeline, config, layout, budget, atOnce }: NightlyOptions,
): Promise<NightDocument> {
  const chosen = [
    ...names,
    ...[pipeline, config, layout, budget, atOnce].filter((option) => option !== undefined),
  ];
  if (chosen.length > 0)
    throw new UsageError(`--resume continues a night as it was planned; omit ${chosen.join(", ")}.`);
  return unfinishedNight(reportsFolder);
}

function optionsOf(names: string[], options: NightlyOptions): NightOptions {
  const { pipeline = [], config, layout = null, repeat, budget } = options;
  if (config !== undefined && pipeline.length > 0)
    throw new UsageError("--config and --pipeline both name pipelines; omit one of them.");
  return {
    scenarios: names.length === 0 ? ["all"] : names,
    pipelines: pipeline,
    layout,
    repeat,
    budgetSeconds: budget === undefined ? null : parseDurationSeconds(budget),
    config: config === undefined ? null : resolve(config),
    alerts: options.alerts,
    atOnce: options.atOnce ?? 1,
  };
}

async function rowsOf(options: NightOptions): Promise<ChosenRows> {
  const scenarios = await loadScenarios();
  if (options.config === null) return nightRows(scenarios, options);
  const own = await loadOwnPipeline({ config: options.config });
  await assertRunnable(own!.pipeline);
  return ownNightRows(scenarios, options.scenarios, own!);
}

function printQueue({ queue, options, notPossible }: NightDocument, history: HistoryEntry[]): void {
  const seconds = queue.map(({ claim }) => expectedSeconds(claim, history));
  const inAll = seconds.reduce((sum, number) => sum + number, 0) / options.atOnce;
  const lines = queue.map(
    ({ claim }, index) => `${describeDuration(seconds[index]!).padStart(12)}  ${claim}`,
  );
  const impossible = notPossible.map((row) => `not possible: ${describeNotPossible(row)}\n`);
  const budget =
    options.budgetSeconds === null ? "" : `, of ${describeDuration(options.budgetSeconds)} allowed`;
  process.stdout.write(
    `${lines.join("\n")}\n${impossible.join("")}${queue.length} runs${describeAtOnce(options.atOnce)}, expected to take ${describeDuration(inAll)}${budget}\n`,
  );
}

function resumeHint({ out }: NightlyOptions): string {
  return `The night was not finished. Continue it with: everyline nightly --resume${out === "reports" ? "" : ` --out ${out}`}`;
}

function endOf({ night, isGreen }: NightReport): NightEnd {
  return { schema: "everyline/night-end@1", night: night.nightId, at: night.finishedAt!, isGreen };
}

/** In a workflow of GitHub Actions: the summary of the step, and annotations of the commit. */
async function reportToGitHub(report: NightReport): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_STEP_SUMMARY) await appendFile(GITHUB_STEP_SUMMARY, renderNightMarkdown(report));
  // On stderr, where the runner reads commands as well, because stdout may be a document for a program.
  if (GITHUB_ACTIONS === "true") process.stderr.write(renderAnnotations(report));
}
