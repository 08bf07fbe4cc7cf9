import { UsageError } from "../base/errors.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { holds } from "../plan/claim.ts";
import type { Plan } from "../plan/plan.ts";
import { type PlanRequest, planOf } from "../plan/plan-of-run.ts";

const secondsPerHour = 3_600;
/** Every line is written, stored by the pipeline, and read back twice. 11 million were tried. */
const mostLines = 20_000_000;
const shortestWarmUpSeconds = 30;
const longestWarmUpSeconds = 1_800;
const warmUpShare = 0.2;

/** What to run, and for how long. */
export interface SoakPlan {
  pipeline: Pipeline;
  hours: number;
  linesPerSecond: number;
  /** What is left out at the beginning, in seconds: caches fill, heaps grow to their size, and files are opened. */
  warmUpSeconds: number;
  /** The run that is made. */
  run: Plan;
}

/**
 * The plan of a soak: an ordinary run in which nothing is broken.
 *
 * @throws UsageError if it would write too many lines
 */
export async function soakPlan({
  pipeline,
  hours,
  linesPerSecond,
}: Pick<SoakPlan, "pipeline" | "hours" | "linesPerSecond">): Promise<SoakPlan> {
  const seconds = hours * secondsPerHour;
  const lines = Math.round(seconds * linesPerSecond);
  if (lines < 1 || lines > mostLines)
    throw new UsageError(
      `expected a soak of 1 to ${mostLines} lines, got ${lines}; ` +
        `${hours} hours allow at most ${Math.floor(mostLines / seconds)} lines per second (--rate).`,
    );
  const run = await planOf(requestOf(pipeline, lines, linesPerSecond));
  const command = ["soak", "--pipeline", pipeline.name, "--layout", pipeline.layout];
  const warmUpSeconds = Math.min(
    longestWarmUpSeconds,
    Math.max(shortestWarmUpSeconds, warmUpShare * seconds),
  );
  return {
    ...{ pipeline, hours, linesPerSecond, warmUpSeconds },
    run: { ...run, command: [...command, "--hours", `${hours}`, "--rate", `${linesPerSecond}`] },
  };
}

function requestOf(pipeline: Pipeline, lines: number, linesPerSecond: number): PlanRequest {
  return {
    scenario: {
      ...{ name: "soak", faults: [] },
      summary: "Lines are written at one rate for a long time, and nothing is broken.",
      scenario: { name: "soak", load: { lines, linesPerSecond }, cases: {} },
    },
    pipeline,
    claim: {
      id: `${pipeline.name}/soak`,
      pipeline: pipeline.name,
      scenario: "soak",
      text: "Over a long time no line is lost or stored twice, and nothing grows that lines do not explain.",
      source: "what any pipeline has to do",
      bounds: { lost: 0, duplicated: 0 },
      measured: holds,
    },
    load: {},
    realTime: true,
    withFaults: true,
  };
}
