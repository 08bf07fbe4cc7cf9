import { capitalized } from "../base/capitalized.ts";
import { describeDuration } from "../base/duration.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { isOneFile } from "../pipeline/file-name.ts";
import { currentName } from "../pipeline/former-names.ts";
import { type PartName, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { referenceSinkKind, sinkName } from "../pipeline/sink-kind.ts";
import { unsupportedReason } from "../plan/choose-runs.ts";
import type { Claim } from "../plan/claim.ts";
import { type Load, loadOf, longOutageSeconds, type RunnableScenario } from "../plan/scenario.ts";
import { smallDisks } from "../plan/small-disks.ts";
import { unwritableReason } from "../plan/source-of-run.ts";

/**
 * Why a scenario cannot be run on a custom pipeline: a part that it would break is missing, or it is about one of Everyline's
 * own configurations.
 *
 * @returns a few words; undefined if it can be
 */
export function missingFor(pipeline: Pipeline, run: RunnableScenario): string | undefined {
  if (run.scenario.bug !== undefined) return "is about a defect of certain versions and settings";
  if (run.scenario.isAlertDrill) return "tests the alert rules of Everyline's own pipelines";
  if (run.scenario.isSelfTest) return "is about Everyline itself";
  if (run.scenario.startIsClaimed) return "is about the document's own files";
  if ((run.layout !== undefined && run.layout !== smallDisks) || run.variables !== undefined)
    return "is about settings of Everyline's own pipelines";
  if (longOutageSeconds(run) !== undefined)
    return "gives lines times spread over days, which the pipeline would have to use as timestamps";
  const by = run.load?.by ?? run.scenario.load.by ?? "generator";
  const unwritable = unwritableReason(by, pipeline);
  if (unwritable !== undefined) return unwritable;
  const isKafkaAudited = run.faults.some(({ audit }) => audit === "kafka");
  if (isKafkaAudited && pipeline.kafka === undefined) return "needs a Kafka";
  return inOneProcess(pipeline, run) ?? unsupportedReason(pipeline, run) ?? besideEachOther(pipeline, run);
}

/** Several sources need a file each. */
function besideEachOther({ deployment }: Pipeline, { scenario, load }: RunnableScenario): string | undefined {
  const { sources = 1 } = { ...scenario.load, ...load };
  if (deployment.kind !== "own" || sources === 1) return undefined;
  const { isNameFixed, name } = deployment.stdout?.shown ?? {};
  if (isNameFixed)
    return `writes from ${sources} containers, and the service has a single one with a fixed name (${name})`;
  if (!isOneFile(deployment.lines.fileNames)) return undefined;
  return `writes ${sources} log files side by side, and the shipper reads a single one (${deployment.lines.fileNames})`;
}

/** Where one process ships lines and writes them to files, it cannot be broken as the one while it is broken as the other. */
function inOneProcess(pipeline: Pipeline, { faults }: RunnableScenario): string | undefined {
  const shared = servicesOf(pipeline, "shipper").find((service) => service in pipeline.sink.services);
  const hit = (part: PartName) => faults.some(({ target }) => currentName(target) === part);
  if (shared === undefined || !hit("shipper") || !hit("sink")) return undefined;
  return `breaks shipper and sink apart from each other, and both are ${shared}`;
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
  const promise = bounds.lost === 0 ? "No line is lost" : "Bounds as configured";
  return {
    id: `${pipeline.name}/${run.name}`,
    pipeline: pipeline.name,
    scenario: run.name,
    text: `${capitalized(inWordsOf(pipeline, whatHappens(pipeline, run, wanted, isRealTime)))} ${promise}.`,
    source: "the configuration of the pipeline",
    bounds,
    measured: { verdict: "unknown" },
  };
}

/** What happens by the names of the user's own parts. */
function inWordsOf(pipeline: Pipeline, text: string): string {
  const [shipper] = servicesOf(pipeline, "shipper");
  const name = sinkName(pipeline.sink.kind);
  return text
    .replaceAll("Promtail", `the shipper (${shipper})`)
    .replace(/^The sink/, name)
    .replaceAll(sinkName(referenceSinkKind), name);
}

function whatHappens(
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
