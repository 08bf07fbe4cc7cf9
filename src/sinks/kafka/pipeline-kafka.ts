import type { Kafka } from "kafkajs";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { kafkaOf } from "../../places/kafka-of.ts";
import type { Stack } from "../../places/place.ts";

/** The Kafka of a pipeline that is up, as a run asks it. */
export interface PipelineKafka {
  topics: NonNullable<Pipeline["kafka"]>;
  /** The brokers that the gateway writes to. */
  produced: Kafka;
  /** The brokers that the consumer reads from: the second site's, where that has its own. */
  consumed: Kafka;
  /** Whether the consumer reads a copy of the topic, which a mirror keeps in the second site. */
  isMirrored: boolean;
}

/** The Kafka of a stack; undefined where its pipeline has none. */
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
