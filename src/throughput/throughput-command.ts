import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { parseDurationSeconds } from "../base/duration.ts";
import { exitCodes, UsageError } from "../base/errors.ts";
import { historyOption, keepMeasurements } from "../cli/kit/history-option.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { layoutOption } from "../cli/kit/layout-option.ts";
import { progressOn } from "../cli/kit/progress-on.ts";
import { repeated } from "../cli/kit/repeated-option.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { openPlace } from "../places/open-place.ts";
import { type Verdict, worstOf } from "../plan/verdict.ts";
import { carryOutThroughput } from "./carry-out-throughput.ts";
import { parseGoal } from "./search/search-goal.ts";
import type { ThroughputDocument } from "./throughput-document.ts";
import { throughputMeasurements } from "./throughput-measurements.ts";
import { measuredParts, type ThroughputPlan, throughputPlan } from "./throughput-plan.ts";
import { renderThroughput, renderThroughputPlan, trialLine } from "./throughput-terminal.ts";

const mostLinesPerSecond = 600_000;
const mostTrials = 1_000;
const mostSources = 16;
const warmUpSeconds = 5;
const overloadSeconds = 60;

interface ThroughputOptions {
  pipeline: string;
  layout?: string;
  through: ThroughputPlan["part"];
  goal?: string[];
  min: number;
  max: number;
  start?: number;
  sources: number;
  lag: string;
  drain: string;
  trials: number;
  budget: string;
  latency?: boolean;
  overload?: boolean;
  rate?: number;
  model?: boolean;
  dryRun?: boolean;
  json?: boolean;
  history?: string;
  out: string;
}

/** `everyline throughput`: looks for the highest rate that a pipeline takes, and judges what is claimed of it. */
export function addThroughputCommand(program: Command): void {
  program
    .command("throughput")
    .description("find the highest rate at which a pipeline loses no line and does not fall behind")
    .requiredOption("--pipeline <name>", "the pipeline to measure")
    .addOption(layoutOption())
    .addOption(
      new Option(
        "--through <part>",
        "which part is measured: the whole pipeline, or gateway for the gateway and Kafka alone, without the shipper, the consumer and the sink",
      )
        .choices(measuredParts)
        .default("pipeline"),
    )
    .option(
      "--goal <goal>",
      "short, repeated, rfc2544, tst009, or like trial=10s,sum=30s,loss=0,exceed=0.5,width=0.05; may be repeated (default: short)",
      repeated,
    )
    .option("--min <n>", "the lowest rate, in lines per second", rateOption("--min"), 100)
    .option("--max <n>", "the highest rate, in lines per second", rateOption("--max"), 100_000)
    .option(
      "--start <n>",
      "the first rate, unless a claimed one is tried before (default: 2,000)",
      rateOption("--start"),
    )
    .option(
      "--sources <n>",
      "how many files are written, or streams are pushed, at a time",
      integerOption("--sources", 1, mostSources),
      4,
    )
    .option("--lag <duration>", "how long after the last write of a trial a line may arrive", "2s")
    .option("--drain <duration>", "how long lines that are still on their way are waited for", "2m")
    .option("--trials <n>", "make at most N trials", integerOption("--trials", 1, mostTrials), 40)
    .option("--budget <duration>", "begin no trial after this time", "30m")
    .option("--latency", "measure latency as well, at 1 %, 50 % and 90 % of the highest rate")
    .option(
      "--overload",
      "then write twice the highest rate for a minute, and half of it; tell what is lost, refused and how long catching up takes",
    )
    .option(
      "--rate <n>",
      "with --overload: the highest rate, in lines per second, instead of a search for it",
      rateOption("--rate"),
    )
    .option(
      "--model",
      "make trials at 10 %, 30 %, 50 % and 70 % of the highest rate as well, to tell how many processors the claimed rate would need",
    )
    .option("--dry-run", "tell what would be done, and start nothing")
    .option("--json", "print one JSON document")
    .addOption(historyOption())
    .option("--out <dir>", "where the reports go", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline throughput --pipeline direct                      the claim of Option 1, and the highest rate, with trials of 10 s
  everyline throughput --pipeline kafka --max 60000           a range that this machine can write and read back
  everyline throughput --pipeline kafka --through gateway --max 500000   the gateway and Kafka alone
  everyline throughput --pipeline direct --latency            and how long lines take at parts of that rate
  everyline throughput --pipeline direct --overload --rate 5000    twice 5,000 lines per second, and then half of it
  everyline throughput --pipeline direct --model              and how many processors the claimed rate would need
  everyline throughput --pipeline direct --goal rfc2544       trials of 60 s, as RFC 2544 has them
  everyline throughput --pipeline direct --dry-run            what would be done

Exit codes: 0 the claim holds (with --latency or --overload, that as well; with --rate, that alone), 1 broken, 2 unknown; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(throughput);
}

async function throughput(options: ThroughputOptions): Promise<void> {
  const plan = throughputPlan(await wantedOf(options));
  if (options.dryRun) {
    process.stdout.write(renderThroughputPlan(plan));
    return;
  }
  const reportsFolder = resolve(options.out);
  const signal = interruptSignal();
  const place = await openPlace();
  const progress = progressOn(process.stderr, `throughput of ${plan.pipeline.name}`);
  const document = await carryOutThroughput(plan, {
    ...{ place, signal, reportsFolder },
    onEvent: (event) => progress.onEvent(event),
    onStatus: (status) => progress.onStatus(status),
    onTrial: (trial) => process.stderr.write(`${trialLine(trial)}\n`),
  }).finally(() => progress.end());
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : renderThroughput(document));
  process.stderr.write(`report: ${join(reportsFolder, document.throughputId)}\n`);
  await keepMeasurements(options.history, throughputMeasurements(document));
  process.exitCode = exitCodes[worstOf(verdictsOf(document, plan))];
}

/** The verdicts on what was asked for. */
function verdictsOf(
  { verdict, latencyVerdict, overload }: ThroughputDocument,
  plan: ThroughputPlan,
): Verdict[] {
  return [
    ...(plan.overload?.highest === undefined ? [verdict] : []),
    ...(plan.latency ? [latencyVerdict.verdict] : []),
    ...(plan.overload === undefined ? [] : [overload?.verdict ?? "unknown"]),
  ];
}

/** @throws UsageError if a rate is given without an overload */
function overloadOf({ overload, rate }: ThroughputOptions): ThroughputPlan["overload"] {
  if (rate !== undefined && !overload)
    throw new UsageError(
      "--rate is for --overload, which writes twice as much; add --overload, or use --max.",
    );
  return overload ? { highest: rate, seconds: overloadSeconds } : undefined;
}

async function wantedOf(options: ThroughputOptions): Promise<Omit<ThroughputPlan, "claim">> {
  const { min, max, trials, sources } = options;
  return {
    pipeline: await loadPipeline(options.pipeline, options.layout),
    part: options.through,
    goals: (options.goal ?? ["short"]).map(parseGoal),
    limits: {
      minLoad: min,
      maxLoad: max,
      startLoad: Math.min(max, Math.max(min, options.start ?? 2_000)),
      maxTrials: trials,
      maxSeconds: parseDurationSeconds(options.budget),
    },
    sources,
    lagBoundSeconds: parseDurationSeconds(options.lag),
    drainSeconds: parseDurationSeconds(options.drain),
    latency: options.latency ?? false,
    overload: overloadOf(options),
    model: options.model ?? false,
    warmUpSeconds,
  };
}

function rateOption(flag: string): (text: string) => number {
  return integerOption(flag, 1, mostLinesPerSecond);
}
