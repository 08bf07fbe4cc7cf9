import { createHash } from "node:crypto";
import { chooseRuns } from "../plan/choose-runs.ts";
import type { Claim } from "../plan/claim.ts";
import {
  isOfTheDocument,
  longOutageSeconds,
  type RunnableScenario,
  type Scenario,
  type ScheduledFault,
} from "../plan/scenario.ts";

/** A scenario with one fault, and the claim that it tests. */
export interface Candidate {
  scenario: RunnableScenario;
  claim: Claim;
}

/** One run that was drawn, with the moments of its fault. */
export interface DrawnRun extends Candidate {
  /** Of its lines. */
  seed: string;
}

/** Lines are written before the fault, so that it breaks a pipeline at work, and after it. Shares of the lines. */
const earliest = 0.1;
const latest = 0.9;
/** A fault is held for at least this share of the length that the scenario gives it. */
const shortest = 0.5;

/**
 * What is drawn from: the scenarios of a pipeline's guarantees in which one thing breaks once. Left out are those that need a layout or
 * settings of their own, and those that write lines as of days ago.
 */
export function candidatesFor(pipeline: string, scenarios: Scenario[]): Candidate[] {
  return chooseRuns(scenarios.filter(isOfTheDocument), ["all"], pipeline).filter(
    ({ scenario }) =>
      scenario.faults.length === 1 &&
      scenario.layout === undefined &&
      scenario.variables === undefined &&
      longOutageSeconds(scenario) === undefined &&
      !scenario.scenario.startIsClaimed &&
      (scenario.load?.by ?? scenario.scenario.load.by ?? "generator") === "generator",
  );
}

/**
 * Draws runs, each independently of the others: one of the candidates, all equally likely, and when its fault begins and how long it holds.
 * An outage whose length is what the scenario is about keeps it. The same seed draws the same runs, and more of them begin with the same.
 */
export function drawRuns(candidates: readonly Candidate[], runs: number, seed: string): DrawnRun[] {
  return Array.from({ length: runs }, (_, index) => {
    const random = (what: string) => shareOf(`${seed}/${index}/${what}`);
    const { scenario, claim } = candidates[Math.floor(random("scenario") * candidates.length)]!;
    const [fault] = scenario.faults as [ScheduledFault];
    const moved = movedFault(fault, scenario.outage === undefined, random);
    return { scenario: { ...scenario, faults: [moved] }, claim, seed: digestOf(`${seed}/${index}/lines`) };
  });
}

function movedFault(
  fault: ScheduledFault,
  mayBeShorter: boolean,
  random: (what: string) => number,
): ScheduledFault {
  const { at, until } = fault;
  if (until === undefined)
    return { ...fault, at: rounded(earliest + random("moment") * (latest - earliest)) };
  const full = until - at;
  const length = mayBeShorter ? full * (shortest + random("length") * (1 - shortest)) : full;
  const first = Math.min(at, earliest);
  const last = Math.max(until, latest) - length;
  const begins = rounded(first + random("moment") * (last - first));
  return { ...fault, at: begins, until: Math.min(1, rounded(begins + length)) };
}

function rounded(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** A number from 0 to below 1 that looks random. */
function shareOf(text: string): number {
  return Number.parseInt(digestOf(text), 16) / 2 ** 32;
}
