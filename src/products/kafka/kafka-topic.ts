import type { Admin, EachBatchPayload, Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { messageOf } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";

/** One record as Kafka stores it. */
export interface KafkaRecord {
  partition: number;
  offset: string;
  /** The value as text; a record without one is an empty line. */
  line: string;
  headers: Record<string, string>;
}

/** The content of a topic: for each partition the first offset and the offset of the next record. */
export type TopicOffsets = { partition: number; low: bigint; high: bigint }[];

/** The result of a complete read. */
export interface TopicExtent {
  records: number;
  /** The offsets that were there to be read. */
  offsets: TopicOffsets;
}

const probeMs = 50;
/** A fetch without new records delays the consumer's end by this long. */
const maxWaitMs = 100;

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
    const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return lagOf(
      ends,
      new Map(answer?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
    );
  } catch (thrown) {
    if (thrown instanceof ReadError) throw thrown;
    throw new ReadError({ code: "no-offsets", of: "group", name: group, message: messageOf(thrown) });
  }
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
  /** A consumer group that is used only here; it commits nothing. */
  groupId: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Reads every record that a topic contains at the time of the call, each exactly once and, in each partition, in the order of offsets.
 * At most one fetch is held in memory.
 *
 * @param onRecord takes each record
 * @throws ReadError if a partition could not be read to its end, or returned unexpected offsets; then the result is not known
 */
export async function readTopic(
  kafka: Kafka,
  { topic, groupId, timeoutMs, signal }: ReadTopicOptions,
  onRecord: (record: KafkaRecord) => void,
): Promise<TopicExtent> {
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: maxWaitMs,
  });
  let failure: Error | undefined;
  try {
    await admin.connect();
    const offsets = await topicOffsets(admin, topic);
    if (recordsIn(offsets) === 0) return { records: 0, offsets };
    const reading = new Reading(topic, offsets, onRecord);
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      failure = payload.error;
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: async (payload) => reading.take(payload) });
    const deadlineMs = Date.now() + timeoutMs;
    while (!reading.isComplete) {
      if (failure !== undefined) throw failure;
      if (Date.now() > deadlineMs)
        throw new ReadError({
          code: "topic-incomplete",
          topic,
          missing: reading.missing,
          afterSeconds: timeoutMs / 1_000,
        });
      await pause(probeMs, signal);
    }
    return { records: recordsIn(offsets), offsets };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof ReadError) throw thrown;
    throw new ReadError({ code: "topic-unread", topic, message: messageOf(thrown) });
  } finally {
    await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
  }
}

/** The next expected offset of each partition; a repeated or skipped offset is an error. */
class Reading {
  readonly #topic: string;
  readonly #next: Map<number, bigint>;
  readonly #ends: Map<number, bigint>;
  readonly #onRecord: (record: KafkaRecord) => void;
  #failure: Error | undefined;

  constructor(topic: string, offsets: TopicOffsets, onRecord: (record: KafkaRecord) => void) {
    this.#topic = topic;
    this.#next = new Map(offsets.map(({ partition, low }) => [partition, low]));
    this.#ends = new Map(offsets.map(({ partition, high }) => [partition, high]));
    this.#onRecord = onRecord;
  }

  get missing(): number {
    return [...this.#ends].reduce(
      (sum, [partition, end]) => sum + Number(end - this.#next.get(partition)!),
      0,
    );
  }

  get isComplete(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    return this.missing === 0;
  }

  take({ batch: { partition, messages } }: EachBatchPayload): void {
    const end = this.#ends.get(partition);
    for (const { offset, value, headers } of messages) {
      const at = BigInt(offset);
      const next = this.#next.get(partition);
      if (end === undefined || next === undefined || at >= end || at < next) continue;
      if (at !== next) {
        const [offset, expected] = [`${at}`, `${next}`];
        this.#failure ??= new ReadError({
          code: "topic-gap",
          topic: this.#topic,
          partition,
          offset,
          expected,
        });
        return;
      }
      this.#next.set(partition, at + 1n);
      const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, `${text ?? ""}`]);
      this.#onRecord({ partition, offset, line: `${value ?? ""}`, headers: Object.fromEntries(texts) });
    }
  }
}
