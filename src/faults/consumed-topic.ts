import type { Admin } from "kafkajs";
import type { Part, Pipeline } from "../pipeline/pipeline.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Stack } from "../places/place.ts";
import { committedOffsets } from "../products/kafka/kafka-topic.ts";
import { missingTarget, onlyStartedHere } from "./targets.ts";

/** The brokers from which the consumer reads: those of the second site if it has its own Kafka. */
function clusterOf({ kafka, sites, beside }: Pipeline): Part {
  return sites?.standby === undefined ? kafka! : beside[sites.standby]!;
}

/** The services of these brokers. */
export function consumedServices(pipeline: Pipeline): string[] {
  return Object.keys(clusterOf(pipeline).services);
}

/** Why what the brokers keep for the consumer cannot be deleted; undefined if it can. */
export function undeletable(pipeline: Pipeline): string | undefined {
  return (
    onlyStartedHere(pipeline, "deletes what the brokers keep") ??
    missingTarget(pipeline, "kafka") ??
    missingTarget(pipeline, "consumer")
  );
}

/** Calls a function with an admin client of these brokers. */
export function askConsumed<Answer>(stack: Stack, ask: (admin: Admin) => Promise<Answer>): Promise<Answer> {
  return askKafka(stack, ask, clusterOf(stack.pipeline));
}

/** The offsets that the consumer's group has committed in its topic, by partition; partitions without one are left out. */
export function committedByConsumer(
  admin: Admin,
  { kafka }: Pick<Pipeline, "kafka">,
): Promise<Map<number, bigint>> {
  return committedOffsets(admin, kafka!.group, kafka!.topic);
}
