import type { Kafka } from "kafkajs";
import type { Part } from "../pipeline/pipeline.ts";
import { connectKafka } from "../products/kafka/kafka-admin.ts";
import type { Stack } from "./place.ts";

/** A client of a stack's brokers: those of the pipeline's Kafka, or those of other services. */
export function kafkaOf(stack: Stack, cluster: Part = stack.pipeline.kafka!): Kafka {
  return connectKafka(cluster, async (broker) => (await stack.instance(broker).address())?.port);
}
