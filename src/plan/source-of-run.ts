import type { SourceName } from "../load/load-plan.ts";
import { sources } from "../load/source.ts";
import { type Pipeline, readsOf } from "../pipeline/pipeline.ts";
import type { Load, RunnableScenario } from "./scenario.ts";

/**
 * The source of a run's lines: as the caller wants it, else as the scenario says, where the pipeline reads what that writes.
 *
 * @param wanted what the caller wants of the load instead of the scenario's
 */
export function sourceOfRun(run: RunnableScenario, wanted: Partial<Load>, pipeline: Pipeline): SourceName {
  if (wanted.by !== undefined) return wanted.by;
  const by = run.load?.by ?? run.scenario.load.by ?? "generator";
  return readsOf(pipeline) === "stdout" ? "stdout" : by;
}

/**
 * Why the source of a run cannot carry out its scenario on its pipeline; undefined if it can.
 *
 * @param wanted what the caller wants of the load instead of the scenario's
 */
export function unsupportedReason(
  run: RunnableScenario,
  wanted: Partial<Load>,
  pipeline: Pipeline,
): string | undefined {
  const by = sourceOfRun(run, wanted, pipeline);
  return mismatch(by, pipeline) ?? run.faults.map((fault) => whyNot(by, run.name, fault)).find(isText);
}

/** A shipper that reads files sees nothing of what containers write to stdout, and the other way round. */
function mismatch(by: SourceName, pipeline: Pipeline): string | undefined {
  if (sources[by].puts === readsOf(pipeline)) return undefined;
  return by === "stdout"
    ? `the shipper of ${pipeline.name} reads log files, not what containers write to stdout; leave --load away, or pass --pipeline direct-stdout.`
    : `the shipper of ${pipeline.name} reads what containers write to stdout, not log files; leave --load away, or pass --load stdout.`;
}

function whyNot(by: SourceName, name: string, fault: RunnableScenario["faults"][number]): string | undefined {
  const { canCrash, canRotate } = sources[by];
  if (fault.target === "app" && !canCrash) {
    const why =
      by === "generator"
        ? "the generator is none; leave --load away, or pass --load nestjs"
        : "what a killed one had written to its stdout cannot be known; leave --load away";
    return `${name} is about an application that crashes, and ${why}.`;
  }
  if (fault.kind !== "rotate" || canRotate(fault.method)) return undefined;
  if (by === "generator")
    return `${name} is about an application that rotates its own file, and the generator is none; leave --load away, or pass --load nestjs.`;
  const how =
    by === "nestjs"
      ? "the application rotates by rename and create only"
      : "the container engine rotates what it keeps of stdout of its own accord only";
  return `${name} rotates the log file by ${fault.method}, and ${how}; leave --load away.`;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}
