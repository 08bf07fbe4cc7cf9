import type { Admin } from "kafkajs";
import type { Part } from "../pipeline/pipeline.ts";
import type { Stack } from "./place.ts";

/**
 * Asks a stack's brokers something, of the pipeline's own Kafka or of some services of it. The client is loaded when it is needed: that takes
 * longer than all else that `everyline list` does.
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
