import { join } from "node:path";
import type { RunDocument } from "../../judge/run-document.ts";
import { openPlace } from "../../places/open-place.ts";
import type { Place } from "../../places/place.ts";
import { reportStoredRun } from "../../report/stored-reports.ts";
import { renderRun } from "../../report/terminal.ts";
import { run } from "../../run/run.ts";
import type { RunRequest } from "../../run/run-request.ts";
import { wantsColour } from "./colour.ts";
import { interruptSignal } from "./interrupt.ts";
import { progressOn } from "./progress-on.ts";

/** What carrying out a run needs in addition to the request. */
export interface CarryOutOptions {
  place: Place;
  signal: AbortSignal;
  /** Which run of how many, as in `(2/14)`. */
  position: string;
  /** Omits what is printed about a run on stdout. */
  json: boolean;
  /** Whether no other run shows its progress at the same time; true if absent. */
  isAlone?: boolean;
}

/**
 * Carries out runs one after the other, with progress on stderr, and writes the reports of each.
 *
 * @param json omits what is printed about each run on stdout
 */
export async function carryOut(requests: RunRequest[], { json }: { json: boolean }): Promise<RunDocument[]> {
  const signal = interruptSignal();
  const place = await openPlace();
  const runs: RunDocument[] = [];
  for (const [index, request] of requests.entries()) {
    signal.throwIfAborted();
    const position = `(${index + 1}/${requests.length})`;
    runs.push(await carryOutOne(request, { place, signal, position, json }));
  }
  return runs;
}

/** Carries out one run, with progress on stderr, and writes its reports. */
export async function carryOutOne(
  request: RunRequest,
  { place, signal, position, json, isAlone = true }: CarryOutOptions,
): Promise<RunDocument> {
  const progress = progressOn(process.stderr, `${request.plan.claim.id} ${position}`, { isAlone });
  try {
    const document = await run(request, {
      place,
      signal,
      onEvent: (event) => progress.onEvent(event),
      onStatus: (status) => progress.onStatus(status),
    });
    const folder = join(request.reportsFolder, request.runId);
    await reportStoredRun(folder);
    progress.end(document.verdict);
    if (!json) process.stdout.write(renderRun(document, { colour: wantsColour(process.stdout) }));
    process.stderr.write(`report: ${folder}\n`);
    return document;
  } finally {
    progress.end();
  }
}
