import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { endedBy, stopsShipper } from "../faults/effects.ts";
import { planFault } from "../faults/plan-fault.ts";
import { defaultFileNames } from "../pipeline/file-name.ts";
import { type Pipeline, partsOf } from "../pipeline/pipeline.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import { settingsForRuns } from "../products/known-configurations.ts";
import { retryHorizon, scaleBackoff } from "../products/retry-horizon.ts";
import { type AlertsWanted, alertsOf, assertNoneOnMonitoring } from "./alerts-of-run.ts";
import type { Claim } from "./claim.ts";
import { type Choices, commandFor } from "./command.ts";
import type { Plan, PlannedFault } from "./plan.ts";
import { imagesOf } from "./planned-images.ts";
import { runLoadOf } from "./run-load.ts";
import type { Load, RunnableScenario, ScheduledFault } from "./scenario.ts";
import { summaryOf } from "./summary-of.ts";

/** What to plan: a scenario on a pipeline, with the options of the caller. */
export interface PlanRequest {
  scenario: RunnableScenario;
  pipeline: Pipeline;
  claim: Claim;
  /** Settings that replace those of the scenario's load. */
  load: Partial<Load>;
  /** Keeps the shipper's retry periods as the pipeline configures them instead of scaling them down. */
  realTime: boolean;
  /** False for a control run: nothing is broken, and the verdict cannot be `holds`. */
  withFaults: boolean;
  /** Whether alerts are observed, and whether one has to notice any loss; not observed if absent. */
  alerts?: AlertsWanted | undefined;
  /** How long to wait for lines that are still on their way, instead of the pipeline's own limit. */
  settleSeconds?: number | undefined;
  /** The options of the command line; absent if the run was not started by `everyline run`. */
  choices?: Choices | undefined;
}

const arrives = "the first line of each source is readable before any fault";
const agree = (sink: string) =>
  `${sink} is read completely twice, before and after it has written the lines in its memory to its store, and both readings agree with each other and with its own count`;
const noticed =
  "an alert fires after the first fault and is delivered, if a line is lost; or else the alert rules were evaluated all the time";
const noticedByOwn =
  "an alert of your own fires after the first fault, if a line is lost; or else your rules were evaluated all the time. Whether it is delivered is not known";
const firesAndEnds = (alert: string) =>
  `the alert ${alert} fires after the first fault, is delivered, and ends`;
const controlled = "no fault is injected (--no-faults), so the verdict cannot be holds";

/** A plan with a seed, so that every line of the run is decided. */
export type SeededPlan = Plan & { seed: string };

/** Sets the seed of a plan, also in the command that repeats the run. */
export function seeded(plan: Plan, seed: string): SeededPlan {
  return { ...plan, seed, command: [...plan.command, "--seed", seed] };
}

/**
 * Plans a run without a seed: what it does, and what evidence it requires. Starts nothing and does not use the container engine.
 *
 * @throws UsageError if the pipeline lacks a part that the scenario breaks
 */
export async function planOf(request: PlanRequest): Promise<Plan> {
  const { scenario, pipeline, claim, withFaults, settleSeconds = pipeline.settleSeconds } = request;
  const { load, timeScale, lapse } = runLoadOf(request);
  const { lines, linesPerSecond, sources, by, app } = load;
  const { startIsClaimed = false } = scenario.scenario;
  const wanted = request.alerts ?? (scenario.mustFire === undefined ? undefined : { expected: false });
  const alerts =
    wanted === undefined ? null : alertsOf(wanted, pipeline, { scenario, load, timeScale, lapse });
  const faults = withFaults ? scenario.faults : [];
  const schedule = faults.map((fault) => plannedFault(fault, pipeline, load));
  if (alerts === null) assertNoneOnMonitoring(faults, pipeline);
  return {
    schema: "everyline/plan@2",
    scenario: scenario.name,
    summary: summaryOf(scenario, pipeline),
    pipeline: pipeline.name,
    layout: pipeline.layout,
    parts: partsOf(pipeline).map(({ name }) => name),
    sink: pipeline.sink.kind,
    claim: { id: claim.id, text: claim.text, bounds: claim.bounds },
    startIsClaimed,
    seed: null,
    load: {
      ...{ lines, linesPerSecond, seconds: momentOf(1, load).seconds, sources, by },
      ...linesWritten(pipeline),
      ...(app === undefined ? {} : { app }),
    },
    timeScale,
    retries: await retriesOf(pipeline, timeScale),
    timeLapse: lapse ?? null,
    settleSeconds: settleSeconds ?? null,
    variables: scenario.variables ?? {},
    images: await imagesOf(pipeline, { by, sources, isMonitored: alerts !== null }),
    isControl: !withFaults,
    schedule,
    alerts,
    expected: [
      ...(startIsClaimed ? [] : [arrives]),
      agree(sinkName(pipeline.sink.kind)),
      ...(alerts?.expected ? [pipeline.ownMonitoring === undefined ? noticed : noticedByOwn] : []),
      ...(alerts?.mustFire ?? []).map(firesAndEnds),
      ...(withFaults ? [] : [controlled]),
    ],
    command: commandFor({ scenario, pipeline }, choicesOf(request)),
  };
}

/** The options that repeat the run, also if it was not started by `everyline run`. */
function choicesOf({ choices, withFaults, alerts }: PlanRequest): Choices {
  return (
    choices ?? { faults: withFaults, alerts: alerts !== undefined, expectAlerts: alerts?.expected ?? false }
  );
}

/** What a custom pipeline's configuration says about the files and the lines that are written. */
function linesWritten({ deployment }: Pipeline): Pick<Plan["load"], "fileNames" | "line"> {
  if (deployment.kind === "fixture") return {};
  const { fileNames, template } = deployment.lines;
  return {
    ...(fileNames !== defaultFileNames && { fileNames }),
    ...(template !== undefined && { line: template }),
  };
}

function plannedFault(fault: ScheduledFault, pipeline: Pipeline, load: Load): PlannedFault {
  return {
    ...fault,
    injected: momentOf(fault.at, load),
    healed: fault.until === undefined ? null : momentOf(fault.until, load),
    expected: planFault(fault, pipeline).expected,
    ends: [...new Set(endedBy(fault, pipeline).map(({ part }) => part))],
    stopsShipper: stopsShipper(fault, pipeline),
  };
}

/** When a share of the lines is written. The first line is written at second 0. */
function momentOf(share: number, { lines, linesPerSecond }: Load) {
  const line = Math.ceil(share * lines);
  return { line, seconds: Math.round((line / linesPerSecond) * 1_000) / 1_000 };
}

/** The shipper's retries by the pipeline's own configuration file; null if its format is not known. */
async function retriesOf({ folder, shipper }: Pipeline, timeScale: number): Promise<Plan["retries"]> {
  if (shipper.config === undefined) return null;
  const path = join(folder, shipper.config);
  const text = await readFile(path, "utf8");
  const written = settingsForRuns({ path, text }).backoffIn(parseDocument(text));
  const backoff = timeScale === 1 ? written : scaleBackoff(written, timeScale);
  return { backoff, horizon: retryHorizon(backoff) ?? null };
}
