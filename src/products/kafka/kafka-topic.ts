import type { Admin, Kafka } from "kafkajs";
import { messageOf } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import { withAdmin } from "./kafka-admin.ts";
import type { RawRecord } from "./record-batches.ts";
import { TopicReading } from "./topic-reading.ts";

/** The content of a topic: for each partition the first offset and the offset of the next record. */
export type TopicOffsets = { partition: number; low: bigint; high: bigint }[];

/** The result of a complete read. */
export interface TopicExtent {
  records: number;
  /** The offsets that were there to be read. */
  offsets: TopicOffsets;
}

/**
 * The offsets of a topic's partitions.
 *
 * @throws ReadError if the brokers do not answer
 */
export async function topicOffsets(admin: Admin, topic: string): Promise<TopicOffsets> {
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }));
  } catch (thrown) {
    throw new ReadError({ code: "no-offsets", of: "topic", name: topic, message: messageOf(thrown) });
  }
}

/** How many records lie between the first and the next offsets. */
export function recordsIn(offsets: TopicOffsets): number {
  return offsets.reduce((sum, { low, high }) => sum + Number(high - low), 0);
}

/**
 * How far a consumer group lags behind the end of a topic, in records it has not committed.
 *
 * @returns undefined if it has committed nothing at all
 * @throws ReadError if the brokers do not answer
 */
export async function groupLag(admin: Admin, group: string, topic: string): Promise<number | undefined> {
  const ends = await topicOffsets(admin, topic);
  try {
    return lagOf(ends, await committedOffsets(admin, group, topic));
  } catch (thrown) {
    if (thrown instanceof ReadError) throw thrown;
    throw new ReadError({ code: "no-offsets", of: "group", name: group, message: messageOf(thrown) });
  }
}

/** The offsets that a consumer group has committed in a topic, by partition; partitions without one are left out. */
export async function committedOffsets(
  admin: Admin,
  group: string,
  topic: string,
): Promise<Map<number, bigint>> {
  const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const offsets = answer?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  return new Map(offsets?.filter(([, offset]) => offset >= 0n));
}

/**
 * How many records come after the committed offsets. In a partition without a committed offset, all records do. If no partition has one,
 * the group has not begun, or its offsets have expired; then its own setting decides where it continues.
 *
 * @param committed by partition; -1 stands for no committed offset
 */
export function lagOf(ends: TopicOffsets, committed: ReadonlyMap<number, bigint>): number | undefined {
  if (![...committed.values()].some((offset) => offset >= 0n)) return undefined;
  return ends.reduce((sum, { partition, low, high }) => {
    const at = committed.get(partition) ?? -1n;
    return sum + Number(high - (at < low ? low : at));
  }, 0);
}

/** What to read, and for how long at most. */
export interface ReadTopicOptions {
  topic: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Reads every record that a topic contains at the time of the call, each exactly once and, in each partition, in the order of offsets.
 *
 * @param onRecord takes each record
 * @throws ReadError if a partition could not be read to its end, or returned unexpected offsets; then the result is not known
 */
export async function readTopic(
  kafka: Kafka,
  { topic, timeoutMs, signal }: ReadTopicOptions,
  onRecord: (partition: number, record: RawRecord) => void,
): Promise<TopicExtent> {
  try {
    const offsets = await withAdmin(kafka, (admin) => topicOffsets(admin, topic));
    const reading = new TopicReading({ kafka, topic, offsets, onRecord, signal });
    await reading.complete(timeoutMs);
    return { records: recordsIn(offsets), offsets };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof ReadError) throw thrown;
    throw new ReadError({ code: "topic-unread", topic, message: messageOf(thrown) });
  }
}
