import type { Admin } from "kafkajs";
import { attachedProject, type Part, type Pipeline } from "../pipeline/pipeline.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Stack } from "../places/place.ts";
import { missingTarget } from "./targets.ts";

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
  if (attachedProject(pipeline) !== undefined)
    return "deletes what the brokers keep, which is done only in a stack that Everyline has started";
  return missingTarget(pipeline, "kafka") ?? missingTarget(pipeline, "consumer");
}

/** Calls a function with an admin client of these brokers. */
export function askConsumed<Answer>(stack: Stack, ask: (admin: Admin) => Promise<Answer>): Promise<Answer> {
  return askKafka(stack, ask, clusterOf(stack.pipeline));
}

/** The offsets that the consumer's group has committed, by partition; partitions without one are left out. */
export async function committedOffsets(
  admin: Admin,
  { kafka }: Pick<Pipeline, "kafka">,
): Promise<Map<number, bigint>> {
  const { group, topic } = kafka!;
  const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const offsets = answer?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  return new Map(offsets?.filter(([, offset]) => offset >= 0n));
}
