import { UsageError } from "../base/errors.ts";
import type { LinkName, PartName, Pipeline } from "../pipeline/pipeline.ts";
import type { EndedPart } from "./kind.ts";
import { findKind, type NamedFault } from "./registry.ts";

/** What the shipper pushes to, and what has to work for a push to be acknowledged. */
const beyondDirect: readonly string[] = ["sink", "shipper-sink"];
const beyondWithKafka: readonly string[] = ["gateway", "kafka", "shipper-gateway", "gateway-kafka"];

/** The parts and links that do not work at all while a fault holds. */
export function brokenBy(fault: NamedFault, pipeline: Pipeline): (PartName | LinkName)[] {
  return orNone(() => findKind(fault.kind)?.breaks(fault, pipeline));
}

/** The parts of which a fault ends a process. */
export function endedBy(fault: NamedFault, pipeline: Pipeline): EndedPart[] {
  return orNone(() => findKind(fault.kind)?.ends?.(fault, pipeline));
}

/** Whether any of these faults ends a process of a part, so that the counters of the part start again. */
export function wasEnded(faults: readonly NamedFault[], pipeline: Pipeline, part: PartName): boolean {
  return faults.some((fault) => endedBy(fault, pipeline).some((ended) => ended.part === part));
}

/** Whether a fault ends a process of a part without giving it time to write its memory to disk. */
export function isKilledBy(fault: NamedFault, pipeline: Pipeline, part: PartName): boolean {
  return endedBy(fault, pipeline).some((ended) => ended.part === part && ended.by === "kill");
}

/** Whether the sink must not be polled while a fault is injected and in force. */
export function pausesReading(fault: NamedFault, pipeline: Pipeline): boolean {
  return findKind(fault.kind)?.pausesReading?.(fault, pipeline) ?? false;
}

/** Whether no push of the shipper is acknowledged while a fault holds, so that it retries. */
export function stopsShipper(fault: NamedFault, pipeline: Pipeline): boolean {
  const beyondShipper = pipeline.kafka === undefined ? beyondDirect : beyondWithKafka;
  const broken = brokenBy(fault, pipeline);
  return !broken.includes("shipper") && broken.some((name) => beyondShipper.includes(name));
}

/** Whether the report shows what the sink replayed from its write-ahead log. */
export function showsReplay({ kind }: NamedFault): boolean {
  return findKind(kind)?.showsReplay ?? false;
}

/** Whether a fault deletes records that Kafka would still have. */
export function deletesRecords({ kind }: NamedFault): boolean {
  return findKind(kind)?.deletesRecords ?? false;
}

/** Returns nothing for a target that the pipeline does not have, as a stored run may name one. */
function orNone<Effect>(ask: () => Effect[] | undefined): Effect[] {
  try {
    return ask() ?? [];
  } catch (thrown) {
    if (thrown instanceof UsageError) return [];
    throw thrown;
  }
}
