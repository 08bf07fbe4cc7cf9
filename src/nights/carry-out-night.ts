import { InterruptedError, messageOf } from "../base/errors.ts";
import { carryOutOne } from "../cli/kit/carry-out.ts";
import type { Place } from "../places/place.ts";
import { entryOf } from "../report/history-entry-of.ts";
import { describeMeasured } from "../report/matrix.ts";
import { type RunRequest, requestFor } from "../run/run-request.ts";
import { appendHistory } from "../store/history.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import type { NightDocument, NightItem } from "./night-document.ts";
import { saveNight } from "./night-folder.ts";
import { expectedSeconds } from "./night-queue.ts";
import type { PlannedRow } from "./night-rows.ts";

/** After so many failed runs in a row something is wrong with the machine, and the night ends. */
const maxFailuresInARow = 3;

/** What a night needs in addition to its plan. */
export interface NightContext {
  place: Place;
  signal: AbortSignal;
  reportsFolder: string;
  historyPath: string;
  /** The runs of earlier nights, to estimate how long a run will take. */
  history: HistoryEntry[];
}

/**
 * Carries out the runs that a night has not finished yet, as many at once as it says, and stores its progress after each run. A run that
 * fails counts as `unknown`, and the night continues.
 *
 * @param night is modified; finished unless this throws
 * @throws the signal's reason if it aborts, or the error of the last run if several runs in a row failed; when it throws, no run goes on
 */
export async function carryOutNight(
  night: NightDocument,
  rows: PlannedRow[],
  context: NightContext,
): Promise<void> {
  const before = night.elapsedSeconds;
  const startedAtMs = performance.now();
  const elapsedSeconds = () => before + (performance.now() - startedAtMs) / 1_000;
  let saved: Promise<void> = Promise.resolve();
  // One after the other, because each replaces the same file.
  const save = () => {
    night.elapsedSeconds = Math.round(elapsedSeconds());
    saved = saved.then(() => saveNight(context.reportsFolder, night));
    return saved;
  };
  // Runs that did not fit before an abort may fit now, if the runs before took less time than expected.
  night.leftOut = [];
  let failures = 0;
  await save();
  const items = itemsLeft(night);
  const lane = async () => {
    // A lane that throws closes the iterator, so that the others start nothing more.
    for (const { item, position } of items) {
      context.signal.throwIfAborted();
      if (!fits(night, item, elapsedSeconds(), context)) {
        night.leftOut.push(item);
        continue;
      }
      const { entry, failure } = await runItem(night, item, rows, position, context);
      night.done.push({ ...item, entry });
      await appendHistory(context.historyPath, entry);
      await save();
      failures = failure === undefined ? 0 : failures + 1;
      if (failures >= maxFailuresInARow) throw failure;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: night.options.atOnce }, lane));
  for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
  night.finishedAt = new Date().toISOString();
  await save();
}

/** The runs of a night that are not done, each with its position as in `(2/14)`. */
function* itemsLeft({ queue, done }: NightDocument): Generator<{ item: NightItem; position: string }> {
  const left = queue.map((item, index) => ({ item, position: `(${index + 1}/${queue.length})` }));
  for (const one of left) {
    const { claim, repeat } = one.item;
    if (!done.some((other) => other.claim === claim && other.repeat === repeat)) yield one;
  }
}

/** Whether a run is expected to end within the night's budget. */
function fits(
  { options, done }: NightDocument,
  { claim }: NightItem,
  elapsedSeconds: number,
  { history }: NightContext,
): boolean {
  if (options.budgetSeconds === null) return true;
  const remembered = [...history, ...done.map(({ entry }) => entry)];
  return elapsedSeconds + expectedSeconds(claim, remembered) <= options.budgetSeconds;
}

async function runItem(
  { nightId, options }: NightDocument,
  { claim }: NightItem,
  rows: PlannedRow[],
  position: string,
  { place, signal, reportsFolder }: NightContext,
): Promise<{ entry: HistoryEntry; failure?: unknown }> {
  const row = rows.find((candidate) => candidate.claim.id === claim);
  if (row === undefined) throw new Error(`the night has a run of ${claim}, which is not one of its rows`);
  const isWatched = options.alerts && row.pipeline.monitoring !== undefined;
  const request = await requestFor(row, reportsFolder, isWatched ? { expected: false } : undefined);
  const at = () => new Date().toISOString();
  const startedAtMs = performance.now();
  try {
    const isAlone = options.atOnce === 1;
    const run = await carryOutOne(request, { place, signal, position, json: true, isAlone });
    const entry = entryOf(run, nightId, at());
    process.stderr.write(`${entry.verdict.padEnd(7)}  ${claim}  ${describeMeasured([entry])}\n`);
    return { entry };
  } catch (thrown) {
    if (signal.aborted || thrown instanceof InterruptedError) throw thrown;
    process.stderr.write(`failed   ${claim}  ${messageOf(thrown)}\n`);
    const totalSeconds = (performance.now() - startedAtMs) / 1_000;
    return { entry: failedEntry(request, nightId, at(), messageOf(thrown), totalSeconds), failure: thrown };
  }
}

function failedEntry(
  { runId, plan }: RunRequest,
  night: string,
  at: string,
  message: string,
  totalSeconds: number,
): HistoryEntry {
  return {
    schema: "everyline/history@1",
    night,
    runId,
    at,
    claim: plan.claim.id,
    pipeline: plan.pipeline,
    scenario: plan.scenario,
    layout: plan.layout,
    verdict: "unknown",
    reason: `The run failed: ${message}`,
    counts: null,
    lostAt: {},
    duplicatedInKafka: null,
    recoveryPoint: null,
    recoverySeconds: null,
    overheadSeconds: 0,
    totalSeconds,
    latencyMs: null,
    images: [],
    machine: "",
  };
}
