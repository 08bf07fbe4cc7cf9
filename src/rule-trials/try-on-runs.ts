import { join } from "node:path";
import { scaledIntervalMs } from "../alerts/scaled-config.ts";
import { UsageError } from "../base/errors.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Place } from "../places/place.ts";
import { metricsFolder } from "../store/run-folder.ts";
import { newRunId } from "../store/run-id.ts";
import { problemsOf, type RuleText, recordedIn, setsToTry } from "./rules-to-try.ts";
import { readRunToTry } from "./run-to-try.ts";
import { checkSelectors } from "./selector-checks.ts";
import { withStoredMetrics } from "./stored-metrics.ts";
import { type Trial, triedRulesOf, triedRunOf } from "./trial.ts";
import type { TriedRules } from "./tried-rules.ts";
import { sampledSpan, tryRules } from "./try-rules.ts";

/** A series that is there from the beginning has its first sample within this time. */
const beginningMs = 5_000;

/** Where rules are tried, and how one is told of progress. */
export interface TryContext {
  place: Place;
  options: ImageOptions;
  onRun: (runId: string) => void;
}

/**
 * Tries rule files on stored runs.
 *
 * @param folders of runs, as `reports/RUN_ID`
 * @throws UsageError if a run did not observe alerts
 */
export async function tryOnRuns(
  texts: readonly RuleText[],
  folders: readonly string[],
  context: TryContext,
): Promise<TriedRules> {
  const trials: Trial[] = [];
  for (const folder of folders) trials.push(await tryOnRun(texts, folder, context));
  return triedRulesOf(texts, trials, {
    prometheus: null,
    problems: await problemsOf(texts),
    notRecorded: recordedIn(texts),
  });
}

async function tryOnRun(
  texts: readonly RuleText[],
  folder: string,
  { place, options, onRun }: TryContext,
): Promise<Trial> {
  const run = await readRunToTry(folder);
  const { runId, plan, recorded, faults, lost, ledger } = run;
  onRun(runId);
  if (!plan.alerts || recorded === null)
    throw new UsageError(
      `${runId} did not observe alerts, so no rules can be tried on it. Run its scenario with --alerts.`,
    );
  const { timeScale } = plan.alerts;
  const sets = setsToTry(texts, timeScale);
  const toMs = recorded.watched?.toMs ?? Date.now();
  const stored = { folder: join(folder, metricsFolder), evaluationMs: scaledIntervalMs(timeScale) };
  return withStoredMetrics(place, stored, newRunId("alerts"), options, async (api) => {
    const span = recorded.watched === null ? undefined : await sampledSpan(api, toMs, options.signal);
    const alerts = await tryRules(
      api,
      sets,
      { recorded, span, isOpenEnded: false, faults, lost, ledger },
      options.signal,
    );
    const fromMs = span?.fromMs ?? toMs;
    const times = { fromMs, toMs, bornAfterMs: fromMs + beginningMs };
    const check = await checkSelectors(api, sets, { runId, ...times }, options.signal);
    return { run: triedRunOf(run, timeScale, alerts), check };
  });
}
