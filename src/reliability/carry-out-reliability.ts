import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InterruptedError, messageOf } from "../base/errors.ts";
import { carryOutOne } from "../cli/kit/carry-out.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { machineOf } from "../judge/run-surroundings.ts";
import type { Place } from "../places/place.ts";
import { planOf, seeded } from "../plan/plan-of-run.ts";
import { describeImages } from "../report/describe.ts";
import type { RunRequest } from "../run/run-request.ts";
import { newRunId } from "../store/run-id.ts";
import { isCertain } from "./certain-run.ts";
import type { ReliabilityDocument, ReliabilityRun } from "./reliability-document.ts";
import { confidence, reliabilityFigures, reliabilityVerdict } from "./reliability-figures.ts";
import type { ReliabilityPlan } from "./reliability-plan.ts";
import { writeReliabilityReports } from "./write-reliability-reports.ts";

/** After so many failed runs in a row something is wrong with the machine. */
const maxFailuresInARow = 3;

/** What carrying out a measurement needs in addition to its plan. */
export interface ReliabilityContext {
  place: Place;
  signal: AbortSignal;
  reportsFolder: string;
}

type MeasuredOn = Pick<ReliabilityDocument, "machine" | "images">;

/**
 * Carries out the runs that were drawn, one after the other, and writes the document into the measurement's folder after each. A run that
 * fails counts as uncertain.
 *
 * @throws the signal's reason if it aborts, or the error of the last run if several runs in a row failed
 */
export async function carryOutReliability(
  plan: ReliabilityPlan,
  context: ReliabilityContext,
): Promise<ReliabilityDocument> {
  const reliabilityId = newRunId("reliability");
  const startedAt = new Date();
  const folder = join(context.reportsFolder, reliabilityId);
  await mkdir(folder, { recursive: true });
  const runs: ReliabilityRun[] = [];
  let failures = 0;
  let on: MeasuredOn = { machine: null, images: [] };
  let document = documentOf(plan, { reliabilityId, startedAt, runs, on });
  for (let number = 1; number <= plan.runs.length; number++) {
    context.signal.throwIfAborted();
    const elapsedSeconds = (Date.now() - startedAt.getTime()) / 1_000;
    if (plan.budgetSeconds !== null && elapsedSeconds > plan.budgetSeconds) break;
    const { run, ended, failure } = await runDrawn(number, plan, context);
    runs.push(run);
    if (ended !== undefined && on.machine === null) on = measuredOn(ended);
    document = documentOf(plan, { reliabilityId, startedAt, runs, on });
    await writeReliabilityReports(document, folder);
    failures = failure === undefined ? 0 : failures + 1;
    if (failures >= maxFailuresInARow) throw failure;
  }
  return document;
}

async function runDrawn(
  number: number,
  { pipeline, runs, seed: drawnFrom }: ReliabilityPlan,
  { place, signal, reportsFolder }: ReliabilityContext,
): Promise<{ run: ReliabilityRun; ended?: RunDocument; failure?: unknown }> {
  const { scenario, claim, seed } = runs[number - 1]!;
  const [fault] = scenario.faults;
  const plan = await planOf({ scenario, claim, pipeline, load: {}, realTime: false, withFaults: true });
  const runId = newRunId(scenario.name);
  // `everyline run` knows nothing of when the fault was drawn to begin.
  const command = ["reliability", "--pipeline", pipeline.name, "--layout", pipeline.layout];
  command.push("--runs", `${number}`, "--seed", drawnFrom);
  const request: RunRequest = {
    ...{ runId, pipeline, keep: false, reportsFolder },
    plan: { ...seeded(plan, seed), command },
  };
  const known = {
    ...{ runId, scenario: scenario.name, seed },
    ...{ fault: `${fault!.kind} ${fault!.target}`, at: fault!.at, until: fault!.until ?? null },
  };
  try {
    const document = await carryOutOne(request, {
      place,
      signal,
      position: `(${number}/${runs.length})`,
      json: true,
    });
    const { written, delivered } = document.counts;
    const lines = written === 0 ? null : { written, delivered };
    return {
      run: { ...known, verdict: document.verdict, lines, isCertain: lines !== null && isCertain(document) },
      ended: document,
    };
  } catch (thrown) {
    if (signal.aborted || thrown instanceof InterruptedError) throw thrown;
    process.stderr.write(`failed   ${claim.id}  ${messageOf(thrown)}\n`);
    return { run: { ...known, verdict: "unknown", lines: null, isCertain: false }, failure: thrown };
  }
}

function measuredOn(run: RunDocument): MeasuredOn {
  return { machine: machineOf(run), images: [describeImages(run)] };
}

function documentOf(
  { pipeline, seed, scenarios, claim, runs: drawn }: ReliabilityPlan,
  {
    reliabilityId,
    startedAt,
    runs,
    on,
  }: { reliabilityId: string; startedAt: Date; runs: ReliabilityRun[]; on: MeasuredOn },
): ReliabilityDocument {
  const figures = reliabilityFigures(runs, claim?.share);
  return {
    schema: "everyline/reliability@1",
    reliabilityId,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    pipeline: pipeline.name,
    layout: pipeline.layout,
    ...{ seed, scenarios, confidence, figures },
    wantedRuns: drawn.length,
    claim: claim === undefined ? null : { share: claim.share, text: claim.text, source: claim.source },
    ...on,
    runs: [...runs],
    ...reliabilityVerdict(figures, claim?.share),
  };
}
