import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseDurationSeconds } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import { nearestOf } from "../base/nearest.ts";
import type { AppSettings, SourceName } from "../load/load-plan.ts";
import { documentedBackoff, retryHorizon, scaleBackoff } from "../products/retry-horizon.ts";
import { currentScenario } from "./former-scenarios.ts";
import { parseScheduledFault, type ScheduledFault } from "./scheduled-fault.ts";

export type { Audit, ScheduledFault } from "./scheduled-fault.ts";

/** How much is written, and how fast, over all sources. */
export interface Load {
  lines: number;
  linesPerSecond: number;
  /** How many files they are dealt over; 2 if absent. */
  sources?: number;
  /** Who writes them; the generator if absent. */
  by?: SourceName;
  /** How an application writes them. */
  app?: AppSettings | undefined;
}

/** Sets the load's rate such that the first fault lasts as long as the shipper's documented retries, times a factor. */
interface OutageOfRetryHorizon {
  /** Of the earliest or of the latest moment at which retries give up. */
  of: "earliest" | "latest";
  times: number;
}

/** The first fault stands for an outage of this length; how, `time-lapse.ts` tells. */
interface LongOutage {
  /** Such as `24h` or `6d23h`. */
  lasts: string;
}

/** What varies between the cases of a scenario. */
interface ScenarioCase {
  /** What happens, in one sentence. */
  summary: string;
  faults: ScheduledFault[];
  /** Instead of the scenario's. */
  load?: Load;
  outage?: OutageOfRetryHorizon | LongOutage;
  /** The shipper's retry periods are multiplied by this, unless `--real-time`; 1 if absent. */
  timeScale?: number;
  /** The layout that the case needs; whatever the pipeline has first, or the caller wants, if absent. */
  layout?: string;
  /** Variables of the Compose file that differ from what the pipeline says. */
  variables?: Record<string, string>;
}

/** A defect of a part that is known in public, which a scenario reproduces, or refutes. */
interface KnownBug {
  /** What goes wrong, in one sentence. */
  title: string;
  /** Where it is told of in public, or where in the part's source it can be read: addresses. */
  threads: string[];
}

/** One file of `scenarios/`: pure data. */
export interface Scenario {
  /** The file's path in `scenarios/`, without its ending. */
  name: string;
  /** Each case is a run of its own, named `SCENARIO/CASE`, or just `SCENARIO` if the case's name is empty. */
  cases: Record<string, ScenarioCase>;
  load: Load;
  /** The document's own parameters, for `--as-documented`. */
  documentedLoad?: Load;
  /** The claim is that the pipeline starts at all: a sentinel that never arrives is a loss, not a doubt. */
  startIsClaimed?: boolean;
  /** Of a scenario in `known-bugs/`, which `all` leaves out: it shows a defect, not what the document promises. */
  bug?: KnownBug;
  /** It puts Everyline to the test, not a pipeline: `all` leaves it out, unless its pipeline is named. */
  isSelfTest?: boolean;
}

/** One run's worth of a scenario. */
export interface RunnableScenario extends ScenarioCase {
  /** `NAME`, or `NAME/CASE`. */
  name: string;
  scenario: Scenario;
}

const scenariosFolder = join(import.meta.dirname, "../../scenarios");

/**
 * All scenarios, by file name, those in folders of `scenarios/` as well.
 *
 * @throws UsageError naming the file, if a fault has not the parameters of its kind
 */
export async function loadScenarios(): Promise<Scenario[]> {
  const found = await readdir(scenariosFolder, { recursive: true });
  const files = found.filter((name) => name.endsWith(".ts")).sort();
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

/** Every case of a scenario, in the order of the file. */
export function casesOf(scenario: Scenario): RunnableScenario[] {
  return Object.entries(scenario.cases).map(([caseName, scenarioCase]) => ({
    ...scenarioCase,
    name: caseName === "" ? scenario.name : `${scenario.name}/${caseName}`,
    scenario,
  }));
}

/**
 * The runs that a name asks for: one case by `NAME/CASE`, all cases by `NAME`, all of a folder by its name. Former names are understood.
 *
 * @throws UsageError naming the nearest, if there is none
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

/** The long outage that a run is about, in seconds; undefined if it is about none. */
export function longOutageSeconds({ outage }: RunnableScenario): number | undefined {
  return outage !== undefined && "lasts" in outage ? parseDurationSeconds(outage.lasts) : undefined;
}

/**
 * The load of a run: the scenario's, with what the caller wants instead. An outage that is to be held for a time of its own sets the
 * rate, such that the lines of the first fault's shares take that long.
 *
 * @param timing `timeScale`: the factor that retry periods are multiplied by; `isRealTime`: whether long outages are held as they are
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

/** How long the first fault is to hold; undefined if that is left to the load. */
function heldMs(
  run: RunnableScenario,
  timing: { timeScale: number; isRealTime: boolean },
): number | undefined {
  const { outage } = run;
  const longSeconds = longOutageSeconds(run);
  if (longSeconds !== undefined) return timing.isRealTime ? longSeconds * 1_000 : undefined;
  if (outage === undefined || "lasts" in outage) return undefined;
  const { earliestMs, latestMs } = retryHorizon(scaleBackoff(documentedBackoff, timing.timeScale))!;
  return (outage.of === "earliest" ? earliestMs : latestMs) * outage.times;
}
