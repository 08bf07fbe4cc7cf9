import { UsageError } from "../base/errors.ts";
import { missingFor, ownClaim } from "../custom/own-plan.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { describePipeline, loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { chooseRuns, eachPipeline, unsupportedReason, wantedRuns } from "../plan/choose-runs.ts";
import type { Claim } from "../plan/claim.ts";
import type { RunnableScenario, Scenario } from "../plan/scenario.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { newRunId } from "../store/run-id.ts";
import type { NightDocument, NightRow, RowNotPossible } from "./night-document.ts";
import { nightQueue } from "./night-queue.ts";

/** A row of a night and what is needed to run it. */
export interface PlannedRow {
  scenario: RunnableScenario;
  claim: Claim;
  pipeline: Pipeline;
}

/** The rows that were asked for: those that can be run, and those that cannot. */
export interface ChosenRows {
  rows: PlannedRow[];
  notPossible: RowNotPossible[];
}

/** The options of a night. */
export type NightOptions = NightDocument["options"];

/**
 * The rows of the guarantees table that a night runs: the promises of the reference architecture, on every pipeline with a claim, or on
 * the named ones.
 *
 * @throws UsageError if there is no such row or pipeline
 */
export async function nightRows(scenarios: Scenario[], options: NightOptions): Promise<ChosenRows> {
  const { pipelines, layout } = options;
  const planned = chooseRuns(scenarios, options.scenarios, eachPipeline).filter(
    ({ scenario, claim }) =>
      !scenario.scenario.isSelfTest && (pipelines.length === 0 || pipelines.includes(claim.pipeline)),
  );
  const known = new Set(planned.map(({ claim }) => claim.pipeline));
  const unknown = pipelines.find((pipeline) => !known.has(pipeline));
  if (unknown !== undefined)
    throw new UsageError(
      `there is no claim for ${options.scenarios.join(", ")} on a pipeline "${unknown}"; \`everyline list\` shows the claims of each pipeline.`,
    );
  const wanted = planned.map(async (row) => {
    const wantedLayout = row.scenario.layout ?? (await layoutIn(row.claim.pipeline, layout));
    const pipeline = await loadPipeline(row.claim.pipeline, wantedLayout);
    return { ...row, pipeline, reason: unsupportedReason(pipeline, row.scenario) };
  });
  const chosen = chosenOf(await Promise.all(wanted));
  if (chosen.rows.length > 0) return chosen;
  throw new UsageError(
    `none of the rows can be run in the layout ${layout}; omit --layout.\n${chosen.notPossible.map(describeNotPossible).join("\n")}`,
  );
}

/** Why a row cannot be run, in a sentence. */
export function describeNotPossible({ claim, pipeline, layout, reason }: RowNotPossible): string {
  return `${claim} ${reason}; it cannot be run on the layout ${layout} of ${pipeline}.`;
}

/** The rows of a night on a custom pipeline: every scenario that it has the parts for; each is expected to hold. */
export function ownNightRows(
  scenarios: Scenario[],
  names: string[],
  { pipeline, bounds }: { pipeline: Pipeline; bounds: Bounds },
): ChosenRows {
  const wanted = wantedRuns(scenarios, names, false).map((scenario) => {
    const claim = ownClaim(pipeline, scenario, bounds, { wanted: {}, isRealTime: false });
    const reason = missingFor(pipeline, scenario);
    return { scenario, claim: { ...claim, measured: { verdict: "holds" as const } }, pipeline, reason };
  });
  const chosen = chosenOf(wanted);
  if (chosen.rows.length > 0) return chosen;
  throw new UsageError(
    `${pipeline.name} lacks the parts for ${names.join(", ")}; \`everyline list\` shows the scenarios that it has the parts for.`,
  );
}

function chosenOf(wanted: (PlannedRow & { reason: string | undefined })[]): ChosenRows {
  const rows = wanted.flatMap(({ reason, ...row }) => (reason === undefined ? [row] : []));
  const notPossible = wanted.flatMap(({ claim, scenario, pipeline, reason }): RowNotPossible[] => {
    if (reason === undefined) return [];
    const { name, layout } = pipeline;
    return [{ claim: claim.id, pipeline: name, layout, scenario: scenario.name, text: claim.text, reason }];
  });
  return { rows, notPossible };
}

/** A night that has not begun, its runs in their order. */
export function newNight(
  { rows, notPossible }: ChosenRows,
  options: NightOptions,
  history: HistoryEntry[],
): NightDocument {
  const claims = rows.map(({ claim }) => claim.id);
  return {
    schema: "everyline/night@1",
    nightId: newRunId("nightly"),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    options,
    elapsedSeconds: 0,
    rows: rows.map(rowOf),
    notPossible,
    queue: nightQueue(claims, options.repeat, history),
    done: [],
    leftOut: [],
  };
}

/** The requested layout of a pipeline, if the pipeline has it. */
async function layoutIn(pipeline: string, wanted: string | null): Promise<string | undefined> {
  const { layouts } = await describePipeline(pipeline);
  return layouts.find(({ name }) => name === wanted)?.name;
}

function rowOf({ claim, scenario, pipeline }: PlannedRow): NightRow {
  const { verdict, isRace = false } = claim.measured;
  return {
    claim: claim.id,
    pipeline: pipeline.name,
    scenario: scenario.name,
    text: claim.text,
    bounds: claim.bounds,
    known: { verdict, isRace },
  };
}
