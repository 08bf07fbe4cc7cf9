import type { Kafka } from "kafkajs";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { kafkaOf } from "../../places/kafka-of.ts";
import type { Stack } from "../../places/place.ts";

/** Clients of the Kafka of a running pipeline. */
export interface PipelineKafka {
  topics: NonNullable<Pipeline["kafka"]>;
  /** The brokers that the gateway writes to. */
  produced: Kafka;
  /** The brokers that the consumer reads from: those of the second site if it has its own Kafka. */
  consumed: Kafka;
  /** Whether the consumer reads a copy of the topic that is mirrored to the second site. */
  isMirrored: boolean;
}

/** The Kafka of a stack; undefined if its pipeline has none. */
export function pipelineKafkaOf(stack: Stack): PipelineKafka | undefined {
  const { kafka: topics, sites, beside } = stack.pipeline;
  if (topics === undefined) return undefined;
  const standby = sites?.standby === undefined ? undefined : beside[sites.standby];
  return {
    topics,
    produced: kafkaOf(stack),
    consumed: kafkaOf(stack, standby),
    isMirrored: standby !== undefined,
  };
}
