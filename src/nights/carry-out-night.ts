import type Docker from "dockerode";
import { InterruptedError, messageOf } from "../base/errors.ts";
import { carryOutOne } from "../cli/kit/carry-out.ts";
import { entryOf, type HistoryEntry } from "../report/history-entry.ts";
import { describeMeasured } from "../report/matrix.ts";
import { type RunRequest, requestFor } from "../run/run-request.ts";
import { appendHistory } from "../store/history.ts";
import type { NightDocument, NightItem } from "./night-document.ts";
import { saveNight } from "./night-folder.ts";
import { expectedSeconds } from "./night-queue.ts";
import type { PlannedRow } from "./night-rows.ts";

/** After so many runs in a row that came to no verdict something is wrong with the machine, and no further one is begun. */
const maxFailuresInARow = 3;

/** What a night needs beside its plan. */
export interface NightContext {
  docker: Docker;
  signal: AbortSignal;
  reportsFolder: string;
  historyPath: string;
  /** The runs of the nights before, to tell how long a run will take. */
  history: HistoryEntry[];
}

/**
 * Carries out what a night has not run yet, and writes down after each run how far it has come. A run that fails counts as `unknown`, and
 * the night goes on.
 *
 * @param night is changed; finished unless this throws
 * @throws the signal's reason if it aborts, and what the last of several runs failed with that failed in a row
 */
export async function carryOutNight(
  night: NightDocument,
  rows: PlannedRow[],
  context: NightContext,
): Promise<void> {
  const before = night.elapsedSeconds;
  const startedAtMs = performance.now();
  const save = async () => {
    night.elapsedSeconds = Math.round(before + (performance.now() - startedAtMs) / 1_000);
    await saveNight(context.reportsFolder, night);
  };
  // What did not fit before an abort may fit now, in less time than was thought.
  night.leftOut = [];
  let failures = 0;
  await save();
  for (const [index, item] of night.queue.entries()) {
    if (night.done.some(({ claim, repeat }) => claim === item.claim && repeat === item.repeat)) continue;
    context.signal.throwIfAborted();
    if (!fits(night, item, before + (performance.now() - startedAtMs) / 1_000, context)) {
      night.leftOut.push(item);
      continue;
    }
    const position = `(${index + 1}/${night.queue.length})`;
    const { entry, failure } = await runItem(night, item, rows, position, context);
    night.done.push({ ...item, entry });
    await appendHistory(context.historyPath, entry);
    await save();
    failures = failure === undefined ? 0 : failures + 1;
    if (failures === maxFailuresInARow) throw failure;
  }
  night.finishedAt = new Date().toISOString();
  await save();
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
  { nightId }: NightDocument,
  { claim }: NightItem,
  rows: PlannedRow[],
  position: string,
  { docker, signal, reportsFolder }: NightContext,
): Promise<{ entry: HistoryEntry; failure?: unknown }> {
  const row = rows.find((candidate) => candidate.claim.id === claim);
  if (row === undefined) throw new Error(`the night has a run of ${claim}, which is no row of it`);
  const request = await requestFor(row, reportsFolder);
  const at = () => new Date().toISOString();
  const startedAtMs = performance.now();
  try {
    const run = await carryOutOne(request, { docker, signal, position, json: true });
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
