import { capitalized } from "../base/capitalized.ts";
import { describeDuration } from "../base/duration.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import { unsupportedReason } from "../plan/choose-runs.ts";
import type { Claim } from "../plan/claim.ts";
import { type Load, loadOf, longOutageSeconds, type RunnableScenario } from "../plan/scenario.ts";

/**
 * Why a scenario cannot be run on a custom pipeline: a part that it would break is missing, or it is about one of Everyline's
 * own configurations.
 *
 * @returns a few words; undefined if it can be
 */
export function missingFor(pipeline: Pipeline, run: RunnableScenario): string | undefined {
  if (run.scenario.bug !== undefined) return "is about a defect of certain versions and settings";
  if (run.scenario.isSelfTest) return "is about Everyline itself";
  if (run.scenario.startIsClaimed) return "is about the document's own files";
  if (run.layout !== undefined || run.variables !== undefined)
    return "is about settings of Everyline's own pipelines";
  if (longOutageSeconds(run) !== undefined)
    return "gives lines times spread over days, which the pipeline would have to use as timestamps";
  const isKafkaAudited = run.faults.some(({ audit }) => audit === "kafka");
  if (isKafkaAudited && pipeline.kafka === undefined) return "needs a Kafka";
  return unsupportedReason(pipeline, run);
}

/**
 * The claim that a scenario tests on a custom pipeline: what happens, for how long, and the bounds of the configuration. It is not known how
 * long its shipper's retries last, so an outage is not scaled down and stands for no longer one.
 *
 * @param wanted options of the load that replace the scenario's
 */
export function ownClaim(
  pipeline: Pipeline,
  run: RunnableScenario,
  bounds: Bounds,
  { wanted, isRealTime }: { wanted: Partial<Load>; isRealTime: boolean },
): Claim {
  const [shipper] = servicesOf(pipeline, "shipper");
  const promise = bounds.lost === 0 ? "No line is lost" : "Bounds as configured";
  return {
    id: `${pipeline.name}/${run.name}`,
    pipeline: pipeline.name,
    scenario: run.name,
    text: `${happening(pipeline, run, wanted, isRealTime)
      .replaceAll("Promtail", `the shipper (${shipper})`)
      .replace("The sink", capitalized(sinkName(pipeline.sink.kind)))} ${promise}.`.replace(/^t/, "T"),
    source: "the configuration of the pipeline",
    bounds,
    measured: { verdict: "unknown" },
  };
}

function happening(
  pipeline: Pipeline,
  run: RunnableScenario,
  wanted: Partial<Load>,
  isRealTime: boolean,
): string {
  const [first] = run.faults;
  if (run.outage === undefined || first?.until === undefined) return run.summary;
  const { lines, linesPerSecond } = loadOf(run, wanted, { timeScale: run.timeScale ?? 1, isRealTime });
  const seconds = ((first.until - first.at) * lines) / linesPerSecond;
  return `An outage (${first.kind} ${first.target === "sink" ? sinkName(pipeline.sink.kind) : first.target}) is held for ${describeDuration(Math.round(seconds))}.`;
}
