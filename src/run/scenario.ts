import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { distance } from "fastest-levenshtein";
import { UsageError } from "../errors.ts";
import type { FaultSpec } from "../faults/fault.ts";
import { documentedBackoff, retryHorizon, scaleBackoff } from "../guarantees/retry-horizon.ts";

/** A fault and when it holds: shares, 0 to 1, of the lines of the load. */
export type ScheduledFault = FaultSpec & {
  /** Injected when this share of the lines is written. */
  at: number;
  /** Healed when this share is; a fault that ends by itself has none. */
  until?: number;
  /** Before it heals, what was written is waited for there, and everything there is read and counted. */
  audit?: "kafka";
};

/** How much is written, and how fast, over all sources. */
export interface Load {
  lines: number;
  linesPerSecond: number;
  /** How many files they are dealt over; 2 if absent. */
  sources?: number;
}

/** Sets the load's rate such that the first fault lasts as long as the shipper's documented retries, times a factor. */
interface OutageOfRetryHorizon {
  /** Of the earliest or of the latest moment at which retries give up. */
  of: "earliest" | "latest";
  times: number;
}

/** What varies between the cases of a scenario. */
interface ScenarioCase {
  /** What happens, in one sentence. */
  summary: string;
  faults: ScheduledFault[];
  /** Instead of the scenario's. */
  load?: Load;
  outage?: OutageOfRetryHorizon;
  /** The shipper's retry periods are multiplied by this, unless `--real-time`; 1 if absent. */
  timeScale?: number;
}

/** One file of `scenarios/`: pure data. */
export interface Scenario {
  name: string;
  /** Each case is a run of its own, named `SCENARIO/CASE`, or just `SCENARIO` if the case's name is empty. */
  cases: Record<string, ScenarioCase>;
  load: Load;
  /** The document's own parameters, for `--as-documented`. */
  documentedLoad?: Load;
  /** The claim is that the pipeline starts at all: a sentinel that never arrives is a loss, not a doubt. */
  startIsClaimed?: boolean;
}

/** One run's worth of a scenario. */
export interface RunnableScenario extends ScenarioCase {
  /** `NAME`, or `NAME/CASE`. */
  name: string;
  scenario: Scenario;
}

const scenariosFolder = join(import.meta.dirname, "../../scenarios");

/** All scenarios, by file name. */
export async function loadScenarios(): Promise<Scenario[]> {
  const files = (await readdir(scenariosFolder)).filter((name) => name.endsWith(".ts")).sort();
  const modules = await Promise.all(
    files.map((name) => import(pathToFileURL(join(scenariosFolder, name)).href)),
  );
  return modules.map((module: { default: Scenario }) => module.default);
}

/** Every case of a scenario, in the order of the file. */
export function casesOf(scenario: Scenario): RunnableScenario[] {
  return Object.entries(scenario.cases).map(([caseName, scenarioCase]) => ({
    ...scenarioCase,
    name: caseName === "" ? scenario.name : `${scenario.name}/${caseName}`,
    scenario,
  }));
}

/**
 * The runs that a name asks for: one case by `NAME/CASE`, all cases by `NAME`.
 *
 * @throws UsageError naming the nearest, if there is none
 */
export function findRuns(scenarios: Scenario[], name: string): RunnableScenario[] {
  const all = scenarios.flatMap(casesOf);
  const found = all.filter((run) => run.name === name || run.scenario.name === name);
  if (found.length > 0) return found;
  const names = [...new Set(all.flatMap((run) => [run.scenario.name, run.name]))];
  const nearest = names.sort((one, other) => distance(one, name) - distance(other, name)).slice(0, 3);
  throw new UsageError(
    `there is no scenario "${name}". Did you mean ${nearest.join(", ")}? \`everyline list\` shows them all.`,
  );
}

/**
 * The load of a run: the scenario's, with what the caller wants instead. An outage that is to last as long as the documented
 * retries sets the rate, such that the lines of the first fault's shares take that long.
 *
 * @param timeScale the factor that retry periods are multiplied by
 */
export function loadOf(
  { scenario, load: ownLoad, faults, outage }: RunnableScenario,
  wanted: Partial<Load>,
  timeScale: number,
): Load {
  const load = { ...scenario.load, ...ownLoad, ...wanted };
  const [first] = faults;
  if (outage === undefined || first?.until === undefined || wanted.linesPerSecond !== undefined) return load;
  const { earliestMs, latestMs } = retryHorizon(scaleBackoff(documentedBackoff, timeScale))!;
  const outageMs = (outage.of === "earliest" ? earliestMs : latestMs) * outage.times;
  return { ...load, linesPerSecond: ((first.until - first.at) * load.lines * 1_000) / outageMs };
}
