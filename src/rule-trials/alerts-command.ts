import { join, resolve } from "node:path";
import type { Command } from "commander";
import { exitCodes, UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { writeWhole } from "../base/write-whole.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { repeated } from "../cli/kit/repeated-option.ts";
import type { Noticed } from "../judge/alerts-document.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { chooseRuns } from "../plan/choose-runs.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { readRunDocument } from "../store/run-documents.ts";
import { metricsFolder } from "../store/run-folder.ts";
import { findStored, storedIds } from "../store/run-reference.ts";
import { describeRuleProblem, isRefused } from "./rule-problem-words.ts";
import type { RuleText } from "./rules-to-try.ts";
import type { TriedRules } from "./tried-rules.ts";
import { renderTriedRules } from "./tried-rules-terminal.ts";

interface AlertsOptions {
  run?: string[];
  pipeline?: string;
  scenario?: string;
  json?: boolean;
  page?: string;
  prometheus?: string;
  out: string;
}

/** `everyline alerts`: tells what the alerts of stored runs were worth, or tries the reader's own rules on stored runs or a fresh one. */
export function addAlertsCommand(program: Command): void {
  program
    .command("alerts")
    .description(
      "try your own alert rules on runs: whether they fire before lines are lost, after that, or never; without a file, what the observed alerts were worth",
    )
    .argument("[file...]", "rule files of Prometheus; none: the rule sets that the runs observed")
    .option(
      "--run <run>",
      "a stored run that observed alerts; may be repeated (default: every one in the reports folder)",
      repeated,
    )
    .option("--scenario <name>", "carry out this scenario first, and try the rules on that run")
    .option("--pipeline <name>", "on which pipeline --scenario is carried out")
    .option(
      "--prometheus <url>",
      "try them on your own running Prometheus, over the time of --run (default: the last run)",
    )
    .option("--page <file>", "without a rule file: write everything into this Markdown page as well")
    .option("--json", "print one JSON document")
    .option("--out <dir>", "where the reports are", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline alerts                                                   the sets that were observed, side by side
  everyline alerts --page alerts.md                                  and each loss, each alert and each run on a page
  everyline alerts my-rules.yaml                                     on every stored run that observed alerts
  everyline alerts my-rules.yaml --run 20261124t212617               on one of them
  everyline alerts my-rules.yaml --prometheus http://localhost:9090  on your own Prometheus, over the time of the last run
  everyline alerts my-rules.yaml --scenario sink-outage/above-horizon --pipeline direct

Exit codes: 0 if every loss was noticed, 1 if one was not, 2 if that is not known; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(alerts);
}

async function alerts(files: string[], options: AlertsOptions): Promise<void> {
  if (files.length === 0 && options.prometheus !== undefined)
    throw new UsageError(
      "--prometheus tries rule files, and there is none; name one: everyline alerts FILE --prometheus URL.",
    );
  if (files.length === 0) return tellObserved(options);
  if (options.page !== undefined)
    throw new UsageError("--page tells of observed rule sets, so it goes with no rule file; omit it.");
  if (options.prometheus !== undefined && (options.scenario ?? options.pipeline) !== undefined)
    throw new UsageError(
      "--prometheus tries rules over the time of a stored run, and --scenario makes a new one; omit one of them.",
    );
  const { problemsOf, readRuleTexts } = await import("./rules-to-try.ts");
  const texts = await readRuleTexts(files);
  const refused = (await problemsOf(texts)).filter(isRefused);
  if (refused.length > 0)
    throw new UsageError(
      `Prometheus would refuse these rules:\n${refused.map(describeRuleProblem).join("\n")}\nMend them first.`,
    );
  const { tryOnNamed } = await import("./try-on-named.ts");
  const tried =
    options.prometheus === undefined
      ? await tryOnStoredSamples(texts, options)
      : await tryOnNamed(texts, options.prometheus, options);
  process.stdout.write(options.json ? `${JSON.stringify(tried, null, 2)}\n` : renderTriedRules(tried));
  process.exitCode = exitCodeOf(
    tried.runs.map(({ lost, alerts }) =>
      lost === null || alerts.watched === null ? "unknown" : alerts.noticed,
    ),
  );
}

const onProgress = (text: string) => process.stderr.write(`${text}\n`);

async function tryOnStoredSamples(texts: RuleText[], options: AlertsOptions): Promise<TriedRules> {
  const folders = options.scenario === undefined ? await storedFolders(options) : await freshFolders(options);
  const { openPlace } = await import("../places/open-place.ts");
  const { tryOnRuns } = await import("./try-on-runs.ts");
  const place = await openPlace();
  return tryOnRuns(texts, folders, {
    place,
    options: { onProgress, signal: interruptSignal() },
    onRun: (runId) => onProgress(`trying on ${runId}`),
  });
}

/** Tells what the rule sets were worth that runs observed. No container is started, unless a scenario is to be carried out first. */
async function tellObserved(options: AlertsOptions): Promise<void> {
  const folders = options.scenario === undefined ? await storedFolders(options) : await freshFolders(options);
  const { hasAlerts, observedAlerts } = await import("./observed-alerts.ts");
  const runs = await Promise.all(folders.map((folder) => readRunDocument(join(folder, "run.json"))));
  const without = runs.find((run) => !hasAlerts(run));
  if (without !== undefined)
    throw new UsageError(`${without.runId} did not observe alerts. Run its scenario with --alerts.`);
  const observed = observedAlerts(runs.filter(hasAlerts));
  if (options.page !== undefined) {
    const { renderObservedAlerts } = await import("./observed-alerts-markdown.ts");
    await writeWhole(options.page, renderObservedAlerts(observed));
  }
  const { jsonOfObserved, renderObservedSets } = await import("./observed-alerts-terminal.ts");
  process.stdout.write(options.json ? jsonOfObserved(observed) : renderObservedSets(observed));
  process.exitCode = exitCodeOf(runs.map((run) => (isLossCertain(run) ? run.alerts!.noticed : "unknown")));
}

function exitCodeOf(noticed: Noticed[]): number {
  if (noticed.includes("never")) return exitCodes.broken;
  return noticed.includes("unknown") ? exitCodes.unknown : exitCodes.holds;
}

async function storedFolders({ run: references, out }: AlertsOptions): Promise<string[]> {
  if (references !== undefined)
    return Promise.all(references.map((reference) => findStored(reference, { reportsFolder: out })));
  const ids = await storedIds({ reportsFolder: out, files: [metricsFolder] });
  const folders = ids.map((id) => resolve(out, id));
  const finished: string[] = [];
  for (const folder of folders) if (await exists(join(folder, "run.json"))) finished.push(folder);
  if (finished.length > 0) return finished;
  throw new UsageError(
    `no run in ${out} has observed alerts. Pass --scenario NAME, or make one: everyline run SCENARIO --alerts.`,
  );
}

/** Carries out a scenario with alerts. */
async function freshFolders({ run, scenario, pipeline: name, out }: AlertsOptions): Promise<string[]> {
  if (run !== undefined) throw new UsageError("--run and --scenario both name runs; omit one of them.");
  const { requestFor } = await import("../run/run-request.ts");
  const { carryOut } = await import("../cli/kit/carry-out.ts");
  const reportsFolder = resolve(out);
  const planned = chooseRuns(await loadScenarios(), [scenario!], name);
  const requests = await Promise.all(
    planned.map(async (row) => {
      const pipeline = await loadPipeline(row.claim.pipeline, row.scenario.layout);
      return requestFor({ ...row, pipeline }, reportsFolder, { expected: false });
    }),
  );
  await carryOut(requests, { json: true });
  return requests.map(({ runId }) => join(reportsFolder, runId));
}
