import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseDurationSeconds } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import { moduleExtension } from "../base/installation.ts";
import { nearestOf } from "../base/nearest.ts";
import type { AppSettings, SourceName } from "../load/load-plan.ts";
import { documentedBackoff, retryHorizon, scaleBackoff } from "../products/retry-horizon.ts";
import { currentScenario } from "./former-scenarios.ts";
import { parseScheduledFault, type ScheduledFault } from "./scheduled-fault.ts";

export type { Audit, ScheduledFault } from "./scheduled-fault.ts";

/** How many lines are written, and how fast, over all sources together. */
export interface Load {
  lines: number;
  linesPerSecond: number;
  /** The number of sources over which the lines are distributed; 2 if absent. */
  sources?: number;
  /** What writes the lines; the generator if absent. */
  by?: SourceName;
  /** Settings of an application that writes the lines. */
  app?: AppSettings | undefined;
}

/** Sets the load's rate such that the first fault lasts as long as the shipper's documented retries, times a factor. */
interface OutageOfRetryHorizon {
  /** Whether the outage is a multiple of the earliest or of the latest moment at which retries end. */
  of: "earliest" | "latest";
  times: number;
}

/** The first fault simulates an outage of this length; `time-lapse.ts` explains how. */
interface LongOutage {
  /** Such as `24h` or `6d23h`. */
  lasts: string;
}

/** Sets the load's rate such that the first fault lasts this long, times the case's `timeScale`. */
interface ScaledOutage {
  /** Such as `1h`. */
  holds: string;
}

/** What may differ between the cases of a scenario. */
interface ScenarioCase {
  /** What happens, in one sentence. */
  summary: string;
  faults: ScheduledFault[];
  /** Replaces the scenario's load. */
  load?: Load;
  outage?: OutageOfRetryHorizon | LongOutage | ScaledOutage;
  /** The shipper's retry periods are multiplied by this, unless `--real-time`; 1 if absent. */
  timeScale?: number;
  /** The alerts, as `SET/ALERT`, that the case makes fire. It always observes alerts, and its claim is that these are delivered and end. */
  mustFire?: string[];
  /** The layout that the case needs; if absent, the layout that the caller names or the pipeline's first. */
  layout?: string;
  /** Variables of the Compose file that the case sets differently from the pipeline. */
  variables?: Record<string, string>;
}

/** A publicly known defect of a part that a scenario reproduces or refutes. */
interface KnownBug {
  /** What goes wrong, in one sentence. */
  title: string;
  /** URLs of public reports of the defect, or of the lines in the part's source that show it. */
  threads: string[];
}

/** One file of `scenarios/`: pure data. */
export interface Scenario {
  /** The file's path in `scenarios/`, without its extension. */
  name: string;
  /** Each case is a run of its own, named `SCENARIO/CASE`, or just `SCENARIO` if the case's name is empty. */
  cases: Record<string, ScenarioCase>;
  load: Load;
  /** The parameters of the reference architecture's own test, for `--as-documented`. */
  documentedLoad?: Load;
  /** The claim is that the pipeline starts at all: a sentinel that never arrives is a loss, not a doubt. */
  startIsClaimed?: boolean;
  /**
   * Only for scenarios in `known-bugs/`. `all` leaves these out, because they show a defect rather than test a promise of the reference
   * architecture.
   */
  bug?: KnownBug;
  /** The scenario tests alert rules rather than a promise of the reference architecture. `all` leaves it out. */
  isAlertDrill?: boolean;
  /** The scenario tests Everyline rather than a pipeline. `all` leaves it out unless its pipeline is named. */
  isSelfTest?: boolean;
}

/** A scenario in one of its cases, which one run carries out. */
export interface RunnableScenario extends ScenarioCase {
  /** `NAME`, or `NAME/CASE`. */
  name: string;
  scenario: Scenario;
}

const scenariosFolder = join(import.meta.dirname, "../../scenarios");

/**
 * Loads all scenarios, including those in subfolders, sorted by file name.
 *
 * @throws UsageError naming the file, if the parameters of a fault are not valid
 */
export async function loadScenarios(): Promise<Scenario[]> {
  const found = await readdir(scenariosFolder, { recursive: true });
  const files = found.filter((name) => name.endsWith(moduleExtension)).sort();
  const modules = await Promise.all(
    files.map((name) => import(pathToFileURL(join(scenariosFolder, name)).href)),
  );
  return modules.map((module: { default: Scenario }, index) => checked(module.default, files[index]!));
}

function checked(scenario: Scenario, file: string): Scenario {
  try {
    for (const { faults } of Object.values(scenario.cases)) faults.forEach(parseScheduledFault);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw new UsageError(`scenarios/${file}: ${thrown.message}`);
    throw thrown;
  }
  return scenario;
}

/** Whether a scenario tests a promise of the reference architecture, and not a known bug, alert rules or Everyline itself. */
export function isOfTheDocument({ bug, isAlertDrill, isSelfTest }: Scenario): boolean {
  return bug === undefined && !isAlertDrill && !isSelfTest;
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
 * The cases that a name stands for: `NAME/CASE` is one case, `NAME` all cases of a scenario, and the name of a folder all scenarios in it.
 * Former names are accepted.
 *
 * @throws UsageError naming similar scenarios, if there is none
 */
export function findRuns(scenarios: Scenario[], named: string): RunnableScenario[] {
  const name = currentScenario(named);
  const all = scenarios.flatMap(casesOf);
  const found = all.filter((run) => run.name === name || run.name.startsWith(`${name}/`));
  if (found.length > 0) return found;
  const names = [...new Set(all.flatMap((run) => [run.scenario.name, run.name]))];
  throw new UsageError(
    `there is no scenario "${named}". Did you mean ${nearestOf(name, names).join(", ")}? \`everyline list\` shows them all.`,
  );
}

/** The length of the long outage that a scenario simulates, in seconds; undefined if it simulates none. */
export function longOutageSeconds({ outage }: RunnableScenario): number | undefined {
  return outage !== undefined && "lasts" in outage ? parseDurationSeconds(outage.lasts) : undefined;
}

/**
 * The load of a run: the scenario's, unless the caller's options replace a setting. If the outage has a length of its own, the rate is set
 * so that writing the lines between the first fault's `at` and `until` takes that long.
 *
 * @param timing `timeScale`: the factor by which retry periods are multiplied; `isRealTime`: whether long outages last as long as they say
 */
export function loadOf(
  run: RunnableScenario,
  wanted: Partial<Load>,
  timing: { timeScale: number; isRealTime: boolean },
): Load {
  const load = { ...run.scenario.load, ...run.load, ...wanted };
  const [first] = run.faults;
  const outageMs = heldMs(run, timing);
  if (outageMs === undefined || first?.until === undefined || wanted.linesPerSecond !== undefined)
    return load;
  return { ...load, linesPerSecond: ((first.until - first.at) * load.lines * 1_000) / outageMs };
}

/** How long the first fault must hold, in milliseconds; undefined if its length follows from the load. */
function heldMs(
  run: RunnableScenario,
  timing: { timeScale: number; isRealTime: boolean },
): number | undefined {
  const { outage } = run;
  const longSeconds = longOutageSeconds(run);
  if (longSeconds !== undefined) return timing.isRealTime ? longSeconds * 1_000 : undefined;
  if (outage === undefined || "lasts" in outage) return undefined;
  if ("holds" in outage) return parseDurationSeconds(outage.holds) * 1_000 * timing.timeScale;
  const { earliestMs, latestMs } = retryHorizon(scaleBackoff(documentedBackoff, timing.timeScale))!;
  return (outage.of === "earliest" ? earliestMs : latestMs) * outage.times;
}
