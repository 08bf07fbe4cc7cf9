import { UsageError } from "../base/errors.ts";
import type { BlindSpot } from "../judge/recorded-alerts.ts";
import type { StepRange } from "../products/prometheus/query-range.ts";
import type { OwnPrometheus, PrometheusIntervals } from "./own-prometheus.ts";
import { problemsOf, type RuleText, recordedIn, setsToTry } from "./rules-to-try.ts";
import { type RunToTry, readRunToTry } from "./run-to-try.ts";
import { hasSamples, type Span, sampleGaps } from "./sample-gaps.ts";
import { checkSelectors } from "./selector-checks.ts";
import { type Trial, triedRulesOf, triedRunOf } from "./trial.ts";
import type { TriedRules } from "./tried-rules.ts";
import { type TriedSet, tryRules } from "./try-rules.ts";

/** How long a series without a new sample still counts, for Prometheus. */
const staleMs = 300_000;
/** What was not read for so many intervals was not watched. */
const patientIntervals = 3;

/** How one is told of progress. */
interface Progress {
  onRun: (runId: string) => void;
  signal: AbortSignal;
}

/**
 * Tries rule files on a running Prometheus, over the times of stored runs, with their periods as they are written. Whether the runs observed
 * alerts does not matter.
 *
 * @param folders of runs, as `reports/RUN_ID`
 * @throws UsageError if a run wrote no lines, so that it has no time
 */
export async function tryOnPrometheus(
  texts: readonly RuleText[],
  folders: readonly string[],
  { url, api, intervals }: OwnPrometheus,
  { onRun, signal }: Progress,
): Promise<TriedRules> {
  const sets = setsToTry(texts, 1, intervals.evaluationMs);
  const trials: Trial[] = [];
  for (const folder of folders) {
    const run = await readRunToTry(folder);
    onRun(run.runId);
    trials.push(await tryOnRun(run, sets, { api, intervals }, signal));
  }
  const unknown: string[] = [];
  for (const name of recordedIn(texts)) if (!(await api.hasSeries(name, signal))) unknown.push(name);
  return triedRulesOf(texts, trials, {
    prometheus: url,
    problems: await problemsOf(texts, intervals),
    notRecorded: unknown,
  });
}

async function tryOnRun(
  run: RunToTry,
  sets: readonly TriedSet[],
  { api, intervals }: Pick<OwnPrometheus, "api" | "intervals">,
  signal: AbortSignal,
): Promise<Trial> {
  const { runId, faults, lost, ledger, recorded } = run;
  const times = timesToTry(run, sets, intervals, Date.now());
  const { watched, span, isOpenEnded } = times;
  const stepMs = Math.max(intervals.scrapeMs, intervals.evaluationMs);
  const mostMs = patientIntervals * stepMs;
  const readAtMs = await readingsIn(
    api,
    { fromMs: watched.fromMs - mostMs, toMs: span.toMs, stepMs },
    signal,
  );
  const isRead = hasSamples(readAtMs, watched, mostMs);
  const message = "it has no samples of this time";
  const blindSpots = sampleGaps(readAtMs, watched, mostMs).map(
    (gap): BlindSpot => ({
      ...{ what: "prometheus", set: null, name: null, ...gap },
      problem: { code: "no-answer", message },
    }),
  );
  const lagMs = intervals.scrapeMs + intervals.evaluationMs;
  const known = { watched, lagMs, blindSpots, lossSignals: recorded?.lossSignals ?? [] };
  const on = { recorded: known, span: isRead ? span : undefined, isOpenEnded, faults, lost, ledger };
  const alerts = await tryRules(api, sets, on, signal);
  const lookedUp = { runId, fromMs: span.fromMs - staleMs, toMs: span.toMs, bornAfterMs: span.fromMs };
  const check = await checkSelectors(api, sets, lookedUp, signal);
  return { run: triedRunOf(run, 1, alerts), check };
}

/** The times that matter when rules are tried on a Prometheus that goes on. */
interface TimesToTry {
  /** From when on alerts count, to the last moment at which one may fire because of the run, or to now. */
  watched: Span;
  /** The time in which rules are evaluated. It begins so early that an alert which was active before the run has fired before it. */
  span: Span;
  /** Whether alerts that are pending now may still fire because of the run. */
  isOpenEnded: boolean;
}

/**
 * @param nowMs Unix milliseconds
 * @throws UsageError if the run wrote no lines
 */
export function timesToTry(
  { runId, ledger, faults, recorded }: Pick<RunToTry, "runId" | "ledger" | "faults" | "recorded">,
  sets: readonly TriedSet[],
  { scrapeMs, evaluationMs }: PrometheusIntervals,
  nowMs: number,
): TimesToTry {
  const marks = ledger.sources.flatMap((source) => source.marks.map(([, atMs]) => atMs));
  if (marks.length === 0)
    throw new UsageError(
      `expected a run that wrote lines, but ${runId} wrote none, so that there is no time to try rules on. Name another: --run RUN.`,
    );
  const rules = sets.flatMap((set) => set.rules);
  const patience = rules.map(
    ({ rule: { forMs = 0, keepFiringMs = 0 }, intervalMs }) => forMs + keepFiringMs + 2 * intervalMs,
  );
  const longestMs = Math.max(0, ...patience);
  const fromMs = recorded?.watched?.fromMs ?? Math.min(...marks);
  const overMs = Math.max(
    ...marks,
    ...faults.map(({ endedAt }) => Date.parse(endedAt)),
    recorded?.watched?.toMs ?? 0,
  );
  const lastMs = overMs + scrapeMs + evaluationMs + longestMs;
  const toMs = Math.min(nowMs, lastMs);
  return {
    watched: { fromMs, toMs },
    span: { fromMs: fromMs - longestMs, toMs },
    isOpenEnded: nowMs < lastMs,
  };
}

/** When a Prometheus read metrics, whatever of: it notes for each target whether that answered. */
async function readingsIn(
  api: OwnPrometheus["api"],
  range: StepRange,
  signal: AbortSignal,
): Promise<number[]> {
  const series = await api.timesOf("max(timestamp(up))", range, signal);
  return [...new Set(series.flatMap(({ samples }) => samples.map(({ value }) => Math.round(value * 1_000))))];
}
