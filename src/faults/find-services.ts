import { connectKafka } from "../stack/kafka.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";
import type { FaultTarget } from "./fault.ts";

/** The services that a target stands for right now. */
export async function findServices(stack: Stack, target: FaultTarget): Promise<string[]> {
  return target === "kafka-leader" ? [await busiestLeader(stack)] : servicesOf(stack.pipeline, target);
}

/** The broker whose partitions hold most of the topic's records. */
async function busiestLeader(stack: Stack): Promise<string> {
  const { topic } = stack.pipeline.kafka!;
  const admin = connectKafka(stack).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leaders = new Map(topics[0]!.partitions.map(({ partitionId, leader }) => [partitionId, leader]));
    const { brokers } = await admin.describeCluster();
    const records = new Map<number, number>();
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      const leader = leaders.get(partition)!;
      records.set(leader, (records.get(leader) ?? 0) + Number(high));
    }
    const [busiest] = [...records].sort(([, one], [, other]) => other - one)[0]!;
    return brokers.find(({ nodeId }) => nodeId === busiest)!.host;
  } finally {
    await admin.disconnect();
  }
}
