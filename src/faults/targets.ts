import { UsageError } from "../base/errors.ts";
import { type PartName, type Pipeline, partsOf, replicasOf, servicesOf } from "../pipeline/pipeline.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { IngesterProduct } from "../products/ingester-product.ts";
import { sinkProductOf, sinkProducts } from "../products/known-sinks.ts";
import type { EndedPart } from "./kind.ts";

/** Kafka takes records that two brokers have at least: `min.insync.replicas` of every pipeline with several. */
const leastBrokers = 2;

/** The parts on the way of a line of which services are among these. */
function partsAmong(pipeline: Pipeline, services: string[]): PartName[] {
  return partsOf(pipeline)
    .filter(({ part }) => Object.keys(part.services).some((service) => services.includes(service)))
    .map(({ name }) => name);
}

/** The parts that take no line any more while these services are away. */
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

/** Whether these services include the one that answers queries. */
export function includesReader(pipeline: Pipeline, services: string[]): boolean {
  return services.includes(pipeline.sink.reader);
}

/** Why a pipeline has nothing to break by the name of a target; undefined if it has. */
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

/** A part as a sentence calls it: the sink by its product's name. */
export function inWords({ sink }: Pipeline, target: string): string {
  return target === "sink" ? sinkName(sink.kind) : target;
}

/**
 * What is known of the ingesters of a pipeline's sink.
 *
 * @throws RangeError if nothing is: `withoutKnownLog` says why
 */
export function ingesterProductOf({ sink }: Pipeline): IngesterProduct {
  const ingester = sinkProductOf(sink.kind)?.ingester;
  if (ingester === undefined) throw new RangeError(`nothing is known of the ingesters of ${sink.kind}`);
  return ingester;
}

/** Why the write-ahead log of a pipeline's sink cannot be acted on: it is not known of every sink. */
export function withoutKnownLog({ sink }: Pipeline): string | undefined {
  if (sinkProductOf(sink.kind)?.ingester !== undefined) return undefined;
  const known = sinkProducts
    .flatMap(({ name, ingester }) => (ingester === undefined ? [] : [name]))
    .join(" or ");
  return `is about the write-ahead log of ${known}, and the sink is ${sinkName(sink.kind)}`;
}

/** Why a fault that replaces or doubles an instance, or reads its disk, cannot be brought about on services; undefined if it can. */
export function severalInstances(pipeline: Pipeline, services: string[]): string | undefined {
  const several = services.find((service) => replicasOf(pipeline, service) > 1);
  return several === undefined
    ? undefined
    : `needs one container of ${several}, which has ${replicasOf(pipeline, several)} containers; give it one (deploy.replicas or scale)`;
}

/**
 * The services of a target that keep a write-ahead log: the sink's ingesters.
 *
 * @throws UsageError if the pipeline has no such target
 */
export function ingestersOf(pipeline: Pipeline, target: string): string[] {
  return servicesOf(pipeline, target).filter((service) => pipeline.sink.ingesters.includes(service));
}
