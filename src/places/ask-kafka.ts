import type { Admin } from "kafkajs";
import type { Part } from "../pipeline/pipeline.ts";
import type { Stack } from "./place.ts";

/**
 * Calls a function with an admin client of a stack's brokers: those of the pipeline's Kafka, or those of other services. The Kafka client
 * is imported only here, because that takes longer than everything else that `everyline list` does.
 */
export async function askKafka<Answer>(
  stack: Stack,
  ask: (admin: Admin) => Promise<Answer>,
  cluster: Part = stack.pipeline.kafka!,
): Promise<Answer> {
  const [{ kafkaOf }, { withAdmin }] = await Promise.all([
    import("./kafka-of.ts"),
    import("../products/kafka/kafka-admin.ts"),
  ]);
  return withAdmin(kafkaOf(stack, cluster), ask);
}
