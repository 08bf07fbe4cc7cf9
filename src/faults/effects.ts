import { UsageError } from "../base/errors.ts";
import type { LinkName, PartName, Pipeline } from "../pipeline/pipeline.ts";
import type { EndedPart } from "./kind.ts";
import { findKind, type NamedFault } from "./registry.ts";

/** Where the shipper pushes to, or what that waits for. */
const beyondDirect: readonly string[] = ["sink", "shipper-sink"];
const beyondWithKafka: readonly string[] = ["gateway", "kafka", "shipper-gateway", "gateway-kafka"];

/** The parts and links that cannot do their work at all while a fault holds. */
export function brokenBy(fault: NamedFault, pipeline: Pipeline): (PartName | LinkName)[] {
  return orNone(() => findKind(fault.kind)?.breaks(fault, pipeline));
}

/** The parts of which a fault ends a process. */
export function endedBy(fault: NamedFault, pipeline: Pipeline): EndedPart[] {
  return orNone(() => findKind(fault.kind)?.ends?.(fault, pipeline));
}

/** Whether any of these faults ends a process of a part, so that what that part counts of itself begins anew. */
export function wasEnded(faults: readonly NamedFault[], pipeline: Pipeline, part: PartName): boolean {
  return faults.some((fault) => endedBy(fault, pipeline).some((ended) => ended.part === part));
}

/** Whether a fault ends a process of a part without giving it the time to write what it has. */
export function isKilledBy(fault: NamedFault, pipeline: Pipeline, part: PartName): boolean {
  return endedBy(fault, pipeline).some((ended) => ended.part === part && ended.by === "kill");
}

/** Whether nobody is to ask the sink for lines while a fault is injected and in force. */
export function pausesReading(fault: NamedFault, pipeline: Pipeline): boolean {
  return findKind(fault.kind)?.pausesReading?.(fault, pipeline) ?? false;
}

/** Whether a shipper gets nothing acknowledged while a fault holds, so that its retries run. */
export function stopsShipper(fault: NamedFault, pipeline: Pipeline): boolean {
  const beyondShipper = pipeline.kafka === undefined ? beyondDirect : beyondWithKafka;
  const broken = brokenBy(fault, pipeline);
  return !broken.includes("shipper") && broken.some((name) => beyondShipper.includes(name));
}

/** Whether what the sink says of the replay of its write-ahead log belongs in the report. */
export function showsReplay({ kind }: NamedFault): boolean {
  return findKind(kind)?.showsReplay ?? false;
}

/** A stored run may name what a pipeline has no longer; nothing is known of it then. */
function orNone<Effect>(ask: () => Effect[] | undefined): Effect[] {
  try {
    return ask() ?? [];
  } catch (thrown) {
    if (thrown instanceof UsageError) return [];
    throw thrown;
  }
}
