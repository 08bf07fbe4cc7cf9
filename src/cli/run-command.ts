import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { parseDurationSeconds } from "../base/duration.ts";
import { exitCodes, UnavailableError, UsageError } from "../base/errors.ts";
import {
  assertRunnable,
  loadOwnPipeline,
  type OwnPipeline,
  type OwnPipelineOptions,
} from "../custom/chosen-pipeline.ts";
import { missingFor, ownClaim } from "../custom/own-plan.ts";
import { assertConfigured } from "../custom/unconfigured.ts";
import { parseSeed } from "../load/line.ts";
import { type SourceName, sourceNames } from "../load/load-plan.ts";
import { randomSeed } from "../load/seed.ts";
import { exampleOverride, parseImageOverride, withImages } from "../pipeline/image-overrides.ts";
import { loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { referenceSinkKind, sinkName } from "../pipeline/sink-kind.ts";
import type { AlertsWanted } from "../plan/alerts-of-run.ts";
import {
  chooseRuns,
  eachPipeline,
  type Planned,
  unsupportedReason,
  wantedRuns,
} from "../plan/choose-runs.ts";
import type { Claim } from "../plan/claim.ts";
import { casesToSetLength, plannedWithOutage } from "../plan/outage-of-length.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlanRequest } from "../plan/plan-of-run.ts";
import { type Load, loadScenarios, type RunnableScenario, type Scenario } from "../plan/scenario.ts";
import { defaultPipelines } from "../plan/source-of-run.ts";
import { unsupportedLoad } from "../plan/unsupported-load.ts";
import { worstOf } from "../plan/verdict.ts";
import { renderJson } from "../report/json.ts";
import { renderPlans, renderPlansJson } from "../report/plan-terminal.ts";
import { renderGuarantees } from "../report/terminal.ts";
import type { RunRequest } from "../run/run-request.ts";
import { newRunId } from "../store/run-id.ts";
import { wantsColour } from "./kit/colour.ts";
import { integerOption } from "./kit/integer-option.ts";
import { repeated } from "./kit/repeated-option.ts";

const maxLines = 10_000_000;
const maxLinesPerSecond = 1_000_000;
const maxRepeats = 1_000;

interface RunOptions extends OwnPipelineOptions {
  layout?: string;
  lines?: number;
  rate?: number;
  load?: SourceName;
  seed?: string;
  repeat: number;
  keep?: boolean;
  dryRun?: boolean;
  json?: boolean;
  out: string;
  asDocumented?: boolean;
  realTime?: boolean;
  outage?: string;
  settle?: string;
  alerts?: boolean;
  expectAlerts?: boolean;
  faults: boolean;
}

/** `everyline run`: carries out scenarios on a pipeline and judges each against its claim. */
export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("break a pipeline as a scenario says and judge what becomes of its lines")
    .argument("<scenario...>", "names, NAME/CASE for one case, FOLDER, or all; `everyline list` shows them")
    .option(
      "--pipeline <name>",
      `the pipeline to run on, or ${eachPipeline} that the scenario has a claim for (default: the first of them)`,
    )
    .option(
      "--config <file>",
      "a pipeline of your own, as `everyline init` describes it (default: everyline.config.yaml or .ts of this folder)",
    )
    .option(
      "--project <name>",
      "break the stack of your own that is up as this Compose project, and leave it up",
    )
    .option(
      "--env-file <file>",
      "a file with variables for your Compose files, in place of .env; may be repeated",
      repeated,
    )
    .option("--profile <name>", "a profile of your Compose files that is active; may be repeated", repeated)
    .option(
      "--image <name=image>",
      "another version or image, by the name of an image, or of a service of your own; may be repeated",
      parseImageOverride,
    )
    .option(
      "--layout <name>",
      "the layout of the pipeline to run (default: its first; `everyline list` shows them)",
    )
    .option("--lines <n>", "lines to write instead of the scenario's", integerOption("--lines", 1, maxLines))
    .option(
      "--rate <n>",
      "lines per second instead of the scenario's",
      integerOption("--rate", 1, maxLinesPerSecond),
    )
    .addOption(
      new Option(
        "--load <writer>",
        "who writes the lines: the generator or NestJS applications to files, or containers to stdout (default: as scenario and pipeline say)",
      ).choices(sourceNames),
    )
    .option("--seed <s>", "the seed of the lines (default: a new one each run)", parseSeed)
    .option("--repeat <n>", "run each scenario so often", integerOption("--repeat", 1, maxRepeats), 1)
    .option("--as-documented", "the lines and the rate of the document's own test")
    .option(
      "--real-time",
      "true outages and the pipeline's own retry periods; minutes, hours or days instead of seconds",
    )
    .option(
      "--outage <duration>",
      "how long an outage lasts instead of the scenario's length, like 30m or 6d23h",
    )
    .option(
      "--settle <duration>",
      "how long lines that are still on their way are waited for, like 30m (default: 10 minutes beyond the longest silence)",
    )
    .option(
      "--alerts",
      "start Prometheus and Alertmanager as well, and tell which alerts fire, when, and which do not",
    )
    .option("--expect-alerts", "the same, and a loss that no alert notices breaks the claim")
    .option("--no-faults", "a control run: break nothing; the verdict cannot be holds")
    .option("--dry-run", "tell what would be done and what evidence is expected of it, and start nothing")
    .option("--keep", "leave the containers and log files; `everyline clean` removes them")
    .option("--json", "print one JSON document")
    .option("--out <dir>", "where the reports go", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline run sink-restart                               1,000 lines over a restart of ${sinkName(referenceSinkKind)}
  everyline run sink-outage --pipeline direct-hardened     both cases on the hardened configuration
  everyline run sink-restart --load nestjs                 the same, with lines that a NestJS application writes
  everyline run sink-restart --load stdout                 lines that containers write to stdout, read from Docker's json-files
  everyline run all --pipeline direct --json               the guarantees table of Option 1, for a program
  everyline run sink-restart --dry-run                     what that would do, and what a verdict would rest on
  everyline run sink-crash --image ${exampleOverride.padEnd(23)} the same scenario on another version
  everyline run sink-outage --alerts                       whether an alert would have fired before lines were lost
  everyline run all --config shop/everyline.config.yaml    every scenario whose parts your own pipeline has
  everyline run known-bugs --pipeline each                 every known bug, and what holds beside it

Exit codes: 0 holds, 1 broken, 2 unknown, 64 usage, 69 environment not available, 70 internal error, 130 interrupted.`,
    )
    .action(runCommand);
}

async function runCommand(names: string[], options: RunOptions): Promise<void> {
  const settleSeconds = options.settle === undefined ? undefined : parseDurationSeconds(options.settle);
  const own = await loadOwnPipeline(options);
  if (!own && options.pipeline === undefined) await assertConfigured(resolve("."));
  const scenarios = await loadScenarios();
  const leftOut: string[] = [];
  const pipelineName = options.pipeline ?? (options.load && defaultPipelines[options.load]);
  const planned = own
    ? planOwn(own, scenarios, names, options, leftOut)
    : withOutage(chooseRuns(scenarios, names, pipelineName), names, options.outage);
  const wanted: PlanRequest[] = [];
  for (const { scenario, claim } of planned) {
    const pipeline = own?.pipeline ?? (await fixtureOf(claim, scenario, options));
    const unsupported = own ? undefined : unsupportedReason(pipeline, scenario);
    if (unsupported !== undefined) {
      const where = `the layout ${pipeline.layout} of ${pipeline.name}`;
      leftOut.push(`${scenario.name} ${unsupported}; it cannot be run on ${where}.`);
      continue;
    }
    const load = wantedLoad(scenario, options);
    const reason = unsupportedLoad(scenario, load, pipeline);
    if (reason !== undefined) {
      leftOut.push(reason);
      continue;
    }
    wanted.push({
      scenario,
      pipeline,
      claim,
      load,
      realTime: isRealTime(options, own),
      withFaults: options.faults,
      alerts: alertsWanted(options),
      settleSeconds,
      choices: options,
    });
  }
  if (wanted.length === 0) throw new UsageError(leftOut.join("\n"));
  if (own) await assertRunnable(own.pipeline);
  for (const reason of leftOut) process.stderr.write(`left out: ${reason}\n`);
  const { planOf, seeded } = await import("../plan/plan-of-run.ts");
  const plans = await Promise.all(
    wanted.map(async (request) => ({ pipeline: request.pipeline, plan: await planOf(request) })),
  );
  if (options.dryRun) {
    if (own) await checkStack(own.pipeline);
    const { seed } = options;
    return printPlans(
      plans.map(({ plan }) => (seed === undefined ? plan : seeded(plan, seed))),
      options,
    );
  }
  const requests = plans.flatMap(({ plan, pipeline }) =>
    Array.from({ length: options.repeat }, (): RunRequest => {
      return {
        runId: newRunId(plan.scenario),
        plan: seeded(plan, options.seed ?? randomSeed()),
        pipeline,
        keep: options.keep ?? false,
        reportsFolder: resolve(options.out),
      };
    }),
  );
  const { carryOut } = await import("./kit/carry-out.ts");
  const runs = await carryOut(requests, { json: options.json ?? false });
  if (options.json) process.stdout.write(renderJson(runs));
  else if (runs.length > 1)
    process.stdout.write(renderGuarantees(runs, { colour: wantsColour(process.stdout) }));
  process.exitCode = exitCodes[worstOf(runs.map(({ verdict }) => verdict))];
}

async function fixtureOf(claim: Claim, scenario: RunnableScenario, options: RunOptions): Promise<Pipeline> {
  const pipeline = await loadPipeline(claim.pipeline, scenario.layout ?? options.layout);
  return withImages(pipeline, options.image ?? new Map());
}

function alertsWanted({ alerts, expectAlerts = false }: RunOptions): AlertsWanted | undefined {
  return alerts || expectAlerts ? { expected: expectAlerts } : undefined;
}

/** Tells on stderr what a run of a custom pipeline would find on this machine. */
async function checkStack(pipeline: Pipeline): Promise<void> {
  const { deployment } = pipeline;
  if (deployment.kind === "fixture" || deployment.project !== undefined) return;
  const { inspectStack } = await import("../places/compose/inspect-stack.ts");
  const { ofFiles, ofMachine } = await inspectStack(pipeline, deployment);
  const findings = [...ofFiles, ...ofMachine];
  const { doctorLines } = await import("./doctor-text.ts");
  process.stderr.write(doctorLines(findings));
  const missing = findings.filter(({ state }) => state === "missing");
  if (missing.length > 0)
    throw new UnavailableError(
      `a run would not start: ${missing.map(({ subject, found }) => `${subject}: ${found}`).join("; ")}`,
    );
}

/** Whether outages last as long as they say. On a custom pipeline an outage with a given length is never scaled down. */
function isRealTime({ realTime, outage }: RunOptions, own: OwnPipeline | undefined): boolean {
  return realTime === true || (own !== undefined && outage !== undefined);
}

/** The scenarios that a custom pipeline has the parts for. The reasons for those that are left out are added to `leftOut`. */
function planOwn(
  own: OwnPipeline,
  scenarios: Scenario[],
  names: string[],
  options: RunOptions,
  leftOut: string[],
): Planned[] {
  const { pipeline, bounds } = own;
  if (options.layout !== undefined)
    throw new UsageError("a pipeline of your own has no layouts; omit --layout.");
  const wanted = wantedRuns(scenarios, names, false).map((run) => ({
    run,
    missing: missingFor(pipeline, run),
  }));
  const fitting = wanted.filter(({ missing }) => missing === undefined).map(({ run }) => run);
  for (const { run, missing } of wanted) {
    // If other cases of the same scenario are possible, a case that is not is mentioned only if it was asked for by its own name.
    const isAskedFor = names.includes(run.name) || !fitting.some(({ scenario }) => scenario === run.scenario);
    if (missing !== undefined && isAskedFor && !names.includes("all"))
      leftOut.push(`${run.name} ${missing}; it cannot be run on ${pipeline.name}.`);
  }
  return fitting.map((run) => {
    const scenario = withOutageLength(run, options.outage);
    const load = { wanted: wantedLoad(scenario, options), isRealTime: isRealTime(options, own) };
    return { scenario, claim: ownClaim(pipeline, scenario, bounds, load) };
  });
}

function withOutageLength(scenario: RunnableScenario, outage: string | undefined): RunnableScenario {
  if (outage === undefined) return scenario;
  parseDurationSeconds(outage);
  if (scenario.outage === undefined)
    throw new UsageError(`--outage is for scenarios about an outage, and ${scenario.name} is not; omit it.`);
  return { ...scenario, outage: { lasts: outage } };
}

function printPlans(plans: Plan[], { json, repeat }: RunOptions): void {
  process.stdout.write(json ? renderPlansJson(plans) : renderPlans(plans, repeat));
}

/** The same rows with an outage of another length, if one is wanted. */
function withOutage(planned: Planned[], names: string[], outage: string | undefined): Planned[] {
  if (outage === undefined) return planned;
  return casesToSetLength(planned, names).map((row) => {
    const changed = plannedWithOutage(row, outage);
    if (changed !== undefined) return changed;
    throw new UsageError(
      `--outage is for scenarios whose outage has a length of its own, and ${row.scenario.name} is as long as its lines take; omit it.`,
    );
  });
}

function wantedLoad({ name, scenario }: RunnableScenario, options: RunOptions): Partial<Load> {
  const { asDocumented, lines, rate, load: by } = options;
  if (asDocumented && scenario.documentedLoad === undefined) {
    throw new UsageError(`the document describes no test for ${name}; omit --as-documented.`);
  }
  return {
    ...(asDocumented ? scenario.documentedLoad : {}),
    ...(lines === undefined ? {} : { lines }),
    ...(rate === undefined ? {} : { linesPerSecond: rate }),
    ...(by === undefined ? {} : { by }),
  };
}
