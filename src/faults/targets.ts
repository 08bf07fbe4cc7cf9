import { UsageError } from "../base/errors.ts";
import {
  attachedProject,
  type PartName,
  type Pipeline,
  partsOf,
  replicasOf,
  servicesOf,
} from "../pipeline/pipeline.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { IngesterProduct } from "../products/ingester-product.ts";
import { sinkProductOf, sinkProducts } from "../products/known-sinks.ts";
import type { EndedPart } from "./kind.ts";

/** Kafka needs two brokers to accept records: `min.insync.replicas` of every pipeline with several brokers. */
const leastBrokers = 2;

/** The parts, among those that a line passes, that have one of these services. */
function partsAmong(pipeline: Pipeline, services: string[]): PartName[] {
  return partsOf(pipeline)
    .filter(({ part }) => Object.keys(part.services).some((service) => services.includes(service)))
    .map(({ name }) => name);
}

/** The parts that accept no line while these services are down. */
export function partsLostWith(pipeline: Pipeline, services: string[]): PartName[] {
  return partsAmong(pipeline, services).filter((name) => {
    const needed = name === "sink" ? pipeline.sink.ingesters : Object.keys(pipeline[name]!.services);
    const left = needed.filter((service) => !services.includes(service));
    const isLessThanEnough = name === "kafka" && left.length < leastBrokers && left.length < needed.length;
    return left.length === 0 || isLessThanEnough;
  });
}

/** The parts of which processes end with these services. */
export function partsEndedWith(pipeline: Pipeline, services: string[], by: EndedPart["by"]): EndedPart[] {
  return partsAmong(pipeline, services).map((part) => ({ part, by }));
}

/** Whether these services include the one that is queried. */
export function includesReader(pipeline: Pipeline, services: string[]): boolean {
  return services.includes(pipeline.sink.reader);
}

/** Why a pipeline has no containers of a target; undefined if it has some. */
export function missingTarget(pipeline: Pipeline, target: string): string | undefined {
  try {
    return servicesOf(pipeline, target).length === 0
      ? `has no container of ${inWords(pipeline, target)} to break`
      : undefined;
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    return `needs ${/^[aeiou]/.test(target) ? "an" : "a"} ${target}`;
  }
}

/**
 * Why what others have saved is not damaged in a stack that the run is attached to; undefined for a stack that Everyline has started.
 *
 * @param does what the fault does, as in "damages a write-ahead log"
 */
export function onlyStartedHere(pipeline: Pipeline, does: string): string | undefined {
  return attachedProject(pipeline) === undefined
    ? undefined
    : `${does}, which is done only in a stack that Everyline has started`;
}

/** The name of a part in a sentence: for the sink, its product's name. */
export function inWords({ sink }: Pipeline, target: string): string {
  return target === "sink" ? sinkName(sink.kind) : target;
}

/**
 * The known metrics of the ingesters of a pipeline's sink.
 *
 * @throws RangeError if none are known; call `withoutKnownLog` before
 */
export function ingesterProductOf({ sink }: Pipeline): IngesterProduct {
  const ingester = sinkProductOf(sink.kind)?.ingester;
  if (ingester === undefined) throw new RangeError(`nothing is known of the ingesters of ${sink.kind}`);
  return ingester;
}

/** Why a fault on the write-ahead log is not possible with a pipeline's sink: its format and metrics are known for some sinks only. */
export function withoutKnownLog({ sink }: Pipeline): string | undefined {
  if (sinkProductOf(sink.kind)?.ingester !== undefined) return undefined;
  const known = sinkProducts
    .flatMap(({ name, ingester }) => (ingester === undefined ? [] : [name]))
    .join(" or ");
  return `is about the write-ahead log of ${known}, and the sink is ${sinkName(sink.kind)}`;
}

/** Why a fault that replaces or duplicates an instance, or reads its disk, is not possible on these services; undefined if it is. */
export function severalInstances(pipeline: Pipeline, services: string[]): string | undefined {
  const several = services.find((service) => replicasOf(pipeline, service) > 1);
  return several === undefined
    ? undefined
    : `needs one container of ${several}, which has ${replicasOf(pipeline, several)} containers; give it one (deploy.replicas or scale)`;
}

/**
 * The services of a target that have a write-ahead log: the sink's ingesters.
 *
 * @throws UsageError if the pipeline has no such target
 */
export function ingestersOf(pipeline: Pipeline, target: string): string[] {
  return servicesOf(pipeline, target).filter((service) => pipeline.sink.ingesters.includes(service));
}
