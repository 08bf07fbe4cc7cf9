import type { SourceName } from "../load/load-plan.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { type Load, loadOf, type RunnableScenario } from "./scenario.ts";
import { sourceOfRun } from "./source-of-run.ts";
import { type TimeLapse, timeLapseOf } from "./time-lapse.ts";

const defaultSources = 2;

/** The load of a run, and what is done to its times. */
export interface RunLoad {
  load: Load & { sources: number; by: SourceName };
  /** What the shipper's retry periods are multiplied by. */
  timeScale: number;
  /** Undefined where every second is held. */
  lapse: TimeLapse | undefined;
}

/** How a run is to write its lines: as its scenario says, with what the caller wants instead. */
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
    sources: defaultSources,
    ...loadOf(scenario, wanted, { timeScale, isRealTime: realTime }),
    by: sourceOfRun(scenario, wanted, pipeline),
  };
  return { load, timeScale, lapse: realTime ? undefined : timeLapseOf(scenario, load, load.sources) };
}
