import type { Kafka, Message, Producer } from "kafkajs";
import { topicOffsets } from "../../src/products/kafka/kafka-topic.ts";
import type { Sent } from "./odd-records.ts";

const maxBatchBytes = 300_000;
const maxBatchRecords = 25;

const asTold = ({ message }: { message: Message }) => message.partition!;

/** Sends records to a topic, spread over its partitions, and notes where they came to lie. */
export async function sendRecords(kafka: Kafka, topic: string, records: Sent[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const partitions = (await topicOffsets(admin, topic)).length;
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: () => asTold });
  await producer.connect();
  try {
    await sendAll(producer, topic, records, partitions);
  } finally {
    await producer.disconnect();
  }
}

/** One partition a send. */
async function sendAll(
  producer: Producer,
  topic: string,
  records: Sent[],
  partitions: number,
): Promise<void> {
  for (const [index, sent] of records.entries()) sent.partition = index % partitions;
  for (const [partition, share] of Map.groupBy(records, ({ partition }) => partition)) {
    for (const batch of batchesOf(share)) {
      const messages = batch.map(
        ({ key, value, headers, timestampMs }): Message => ({
          key,
          value,
          headers,
          partition,
          timestamp: `${timestampMs}`,
        }),
      );
      const [answer] = await producer.send({ topic, messages, acks: -1 });
      for (const [index, sent] of batch.entries())
        sent.offset = `${BigInt(answer!.baseOffset!) + BigInt(index)}`;
    }
  }
}

function batchesOf(records: Sent[]): Sent[][] {
  const batches: Sent[][] = [];
  let left = 0;
  for (const sent of records) {
    const size = (sent.value?.length ?? 0) + (sent.key?.length ?? 0);
    if (size > left || batches.length === 0 || batches.at(-1)!.length >= maxBatchRecords) {
      batches.push([]);
      left = maxBatchBytes;
    }
    batches.at(-1)!.push(sent);
    left -= size;
  }
  return batches;
}
