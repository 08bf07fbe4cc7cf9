import { UsageError } from "../base/errors.ts";
import type { OwnPipeline } from "../custom/chosen-pipeline.ts";
import { missingFor, ownClaim } from "../custom/own-plan.ts";
import { loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { chooseRuns, eachPipeline, type Planned, unsupportedReason } from "../plan/choose-runs.ts";
import { casesToSetLength, plannedWithOutage } from "../plan/outage-of-length.ts";
import type { Plan } from "../plan/plan.ts";
import { planOf } from "../plan/plan-of-run.ts";
import { findRuns, type Load, loadScenarios } from "../plan/scenario.ts";
import { unsupportedLoad } from "../plan/unsupported-load.ts";
import { type OutageClaim, outageClaimOf } from "./outage-claims.ts";
import type { SearchWanted } from "./search.ts";
import { type SweptRange, sizesOf } from "./swept-range.ts";

/** Shares such as 0.7 - 0.2 are not exact; without this, a line too many would be written. */
const roundingError = 1e-6;

/** What the command line asks for. */
export interface SweepWanted {
  /** `NAME`, or `NAME/CASE`. */
  scenario: string;
  pipeline: string | undefined;
  layout: string | undefined;
  /** The custom pipeline instead of a fixture. */
  own: OwnPipeline | undefined;
  /** Exactly one of the two. */
  outage: SweptRange | undefined;
  lines: SweptRange | undefined;
  linesPerSecond: number | undefined;
  width: number;
  runs: number;
  budgetSeconds: number;
  /** Whether the bounds of the search are tried in real time as well. */
  realTime: boolean;
}

/** What is to be swept: lengths that a search decides about one after the other, or sizes. */
type Swept =
  | { of: "outage"; search: SearchWanted; claim: OutageClaim | undefined; straddles: boolean }
  | { of: "lines"; range: SweptRange; sizes: number[]; claim: OutageClaim | undefined };

/** A sweep before anything starts. */
export interface SweepPlan {
  scenario: string;
  pipeline: Pipeline;
  swept: Swept;
  runs: number;
  budgetSeconds: number;
  command: string[];
  /**
   * The plan of a run, without a seed.
   *
   * @param nominal seconds of outage, or lines that are to be written during it
   */
  planAt: (nominal: number, isRealTime: boolean) => Promise<Plan>;
}

/**
 * Plans a sweep. Starts nothing and does not use the container engine.
 *
 * @throws UsageError if the scenario, the pipeline and what is to be swept do not fit
 */
export async function sweepPlan(wanted: SweepWanted, command: string[]): Promise<SweepPlan> {
  const { outage, lines, own, runs, budgetSeconds } = wanted;
  if ((outage === undefined) === (lines === undefined))
    throw new UsageError("expected either --outage FROM..TO or --lines FROM..TO; pass one of them.");
  if (outage !== undefined && wanted.linesPerSecond !== undefined)
    throw new UsageError("--rate is for --lines: the length of an outage decides the rate; omit it.");
  const row = own === undefined ? await fixtureRow(wanted) : await ownRow(own, wanted.scenario);
  const pipeline =
    own?.pipeline ?? (await loadPipeline(row.claim.pipeline, row.scenario.layout ?? wanted.layout));
  const unsupported =
    unsupportedReason(pipeline, row.scenario) ?? unsupportedLoad(row.scenario, {}, pipeline);
  if (unsupported !== undefined)
    throw new UsageError(`${row.scenario.name} cannot be run on ${pipeline.name}: ${unsupported}`);
  const plan = { scenario: row.scenario.name, pipeline, runs, budgetSeconds, command };
  if (outage !== undefined) {
    const swept = outagesToSweep(row, outage, wanted);
    return {
      ...{ ...plan, swept },
      planAt: (seconds, isRealTime) => planOfLength(row, seconds, isRealTime || own !== undefined, pipeline),
    };
  }
  const { recoverySeconds } = row.claim.bounds;
  const { text, source } = row.claim;
  const claim = recoverySeconds === undefined ? undefined : { seconds: recoverySeconds, text, source };
  const swept: Swept = { of: "lines", range: lines!, sizes: sizesOf(lines!), claim };
  const share = shareOfOutage(row);
  return {
    ...plan,
    swept,
    planAt: (size) =>
      planOfSize(row, Math.ceil(size / share - roundingError), wanted.linesPerSecond, pipeline),
  };
}

async function fixtureRow({ scenario, pipeline }: SweepWanted): Promise<Planned> {
  if (pipeline === eachPipeline)
    throw new UsageError("a sweep is of one pipeline; name it, like --pipeline direct.");
  return onlyOne(
    casesToSetLength(chooseRuns(await loadScenarios(), [scenario], pipeline), [scenario]),
    scenario,
  );
}

async function ownRow({ pipeline, bounds }: OwnPipeline, name: string): Promise<Planned> {
  const rows = findRuns(await loadScenarios(), name).map((scenario) => ({
    scenario,
    claim: ownClaim(pipeline, scenario, bounds, { wanted: {}, isRealTime: true }),
  }));
  const row = onlyOne(casesToSetLength(rows, [name]), name);
  const missing = missingFor(pipeline, row.scenario);
  if (missing === undefined) return row;
  throw new UsageError(`${row.scenario.name} ${missing}; it cannot be run on ${pipeline.name}.`);
}

function onlyOne(rows: Planned[], name: string): Planned {
  if (rows.length === 1) return rows[0]!;
  const names = rows.map(({ scenario }) => scenario.name);
  throw new UsageError(`a sweep is of one scenario, and "${name}" stands for ${names.join(", ")}; name one.`);
}

function outagesToSweep(
  row: Planned,
  { from, to }: SweptRange,
  { own, width, runs, realTime }: SweepWanted,
): Swept {
  if (row.scenario.outage === undefined)
    throw new UsageError(
      `--outage is for scenarios whose outage has a length of its own, and ${row.scenario.name} is as long as its lines take; sweep it with --lines.`,
    );
  // Refuses a length that the scenario cannot have before anything starts.
  plannedWithOutage(row, `${to}s`);
  const claim = own === undefined ? outageClaimOf(row.claim.pipeline, row.scenario.scenario.name) : undefined;
  const search = {
    ...{ shortestSeconds: from, longestSeconds: to, width, runs },
    claimedSeconds: claim?.seconds,
  };
  // What is known of no shipper's retries is not scaled, so that every run is in real time already.
  return { of: "outage", search, claim, straddles: realTime && own === undefined };
}

/** The share of the lines that are written while the first fault holds. */
function shareOfOutage({ scenario: { name, faults } }: Planned): number {
  const [first] = faults;
  if (first?.until !== undefined && first.until > first.at) return first.until - first.at;
  throw new UsageError(
    `no line is written during the first fault of ${name}, so it leaves no backlog to sweep.`,
  );
}

function planOfLength(row: Planned, seconds: number, realTime: boolean, pipeline: Pipeline): Promise<Plan> {
  const outage = `${seconds}s`;
  // Only a scenario whose outage has a length comes here.
  const { scenario, claim } = plannedWithOutage(row, outage)!;
  return planOf({
    ...{ scenario, claim, pipeline, load: {}, realTime, withFaults: true },
    choices: { outage, realTime, faults: true },
  });
}

function planOfSize(
  { scenario, claim }: Planned,
  lines: number,
  linesPerSecond: number | undefined,
  pipeline: Pipeline,
): Promise<Plan> {
  const load: Partial<Load> = { lines, ...(linesPerSecond === undefined ? {} : { linesPerSecond }) };
  const rate = linesPerSecond === undefined ? {} : { rate: linesPerSecond };
  return planOf({
    ...{ scenario, claim, pipeline, load, realTime: false, withFaults: true },
    choices: { lines, ...rate, faults: true },
  });
}
