import type { SourceName } from "../load/load-plan.ts";
import { hasOneFile, type Pipeline } from "../pipeline/pipeline.ts";
import { type Load, loadOf, type RunnableScenario } from "./scenario.ts";
import { sourceOfRun } from "./source-of-run.ts";
import { type TimeLapse, timeLapseOf } from "./time-lapse.ts";

const defaultSources = 2;
const onlySource = 1;

/** The load of a run, and how its times are scaled. */
export interface RunLoad {
  load: Load & { sources: number; by: SourceName };
  /** The factor by which the shipper's retry periods are multiplied. */
  timeScale: number;
  /** Undefined if no long outage is simulated in a short time. */
  lapse: TimeLapse | undefined;
}

/** Decides how a run writes its lines: as its scenario says, unless the caller's options replace a setting. */
export function runLoadOf({
  scenario,
  load: wanted,
  realTime,
  pipeline,
}: {
  scenario: RunnableScenario;
  load: Partial<Load>;
  realTime: boolean;
  pipeline: Pipeline;
}): RunLoad {
  const timeScale = realTime ? 1 : (scenario.timeScale ?? 1);
  const load = {
    sources: hasOneFile(pipeline) ? onlySource : defaultSources,
    ...loadOf(scenario, wanted, { timeScale, isRealTime: realTime }),
    by: sourceOfRun(scenario, wanted, pipeline),
  };
  return { load, timeScale, lapse: realTime ? undefined : timeLapseOf(scenario, load, load.sources) };
}
