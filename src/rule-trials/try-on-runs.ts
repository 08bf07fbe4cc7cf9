import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { readDocument } from "../base/read-document.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import { recordedSchema } from "../judge/recorded.ts";
import { readLedger } from "../load/ledger.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Place } from "../places/place.ts";
import { readRunDocument } from "../store/run-documents.ts";
import { metricsFolder } from "../store/run-folder.ts";
import { newRunId } from "../store/run-id.ts";
import { problemsOf, type RuleText, recordedIn, setsToTry } from "./rules-to-try.ts";
import { checkSelectors, type SelectorChecks, selectorsIn } from "./selector-checks.ts";
import { withStoredMetrics } from "./stored-metrics.ts";
import type { TriedRules, TriedRun } from "./tried-rules.ts";
import { tryRules } from "./try-rules.ts";

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
  const runs: TriedRun[] = [];
  const checks: SelectorChecks[] = [];
  for (const folder of folders) {
    const { run, check } = await tryOnRun(texts, folder, context);
    runs.push(run);
    checks.push(check);
  }
  const matched = new Set(checks.flatMap((check) => [...check.matched]));
  return {
    schema: "everyline/alerts@1",
    files: texts.map(({ file }) => file),
    problems: await problemsOf(texts),
    notRecorded: recordedIn(texts),
    unmatched: selectorsIn(setsToTry(texts, 1)).filter(({ selector }) => !matched.has(selector)),
    bornLate: checks.flatMap(({ bornLate }) => bornLate),
    runs,
  };
}

async function tryOnRun(
  texts: readonly RuleText[],
  folder: string,
  { place, options, onRun }: TryContext,
): Promise<{ run: TriedRun; check: SelectorChecks }> {
  const document = await readRunDocument(join(folder, "run.json"));
  const { runId, plan, faults, lost, counts } = document;
  onRun(runId);
  const ledger = await readLedger(join(folder, "ledger.json"));
  const form = "recording of the form everyline/recording@1";
  const { alerts: recorded } = await readDocument(join(folder, "recording.json"), recordedSchema, form);
  if (!plan.alerts || recorded === null)
    throw new UsageError(
      `${runId} did not observe alerts, so no rules can be tried on it. Run its scenario with --alerts.`,
    );
  const { timeScale } = plan.alerts;
  const sets = setsToTry(texts, timeScale);
  const isCertain = isLossCertain(document);
  const toMs = recorded.watched?.toMs ?? Date.now();
  return withStoredMetrics(place, join(folder, metricsFolder), newRunId("alerts"), options, async (api) => {
    const on = { recorded, faults, lost: isCertain ? lost : [], ledger };
    const alerts = await tryRules(api, sets, on, options.signal);
    const check = await checkSelectors(api, sets, { runId, toMs }, options.signal);
    const { scenario, pipeline, claim } = plan;
    const run = {
      runId,
      claim: claim.id,
      scenario,
      pipeline,
      lost: isCertain ? counts.lost : null,
      timeScale,
      alerts,
    };
    return { run, check };
  });
}
