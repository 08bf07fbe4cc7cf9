import type { Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { ReadError } from "../../base/read-error.ts";
import { BrokerConnection } from "./broker-connection.ts";
import {
  FetchError,
  type FetchedPartition,
  fetchAnswer,
  fetchKey,
  fetchRequest,
  fetchVersion,
  offsetOutOfRange,
} from "./fetch-messages.ts";
import { connectTo, withAdmin } from "./kafka-admin.ts";
import { eachRecord, offsetBehind, type RawRecord } from "./record-batches.ts";

const requestTimeoutMs = 15_000;
/** A fetch without new records delays the end of reading by this long. */
const maxWaitMs = 100;
const retryAfterMs = 200;

/** A partition that is read: the next expected offset, and where it ends. */
interface Partition {
  next: number;
  end: number;
}

/** Which partitions a broker leads. */
interface Leader {
  host: string;
  partitions: number[];
}

/** What to read, and from where to where. */
export interface TopicReadingOptions {
  kafka: Kafka;
  topic: string;
  /** The first offset of each partition, and the one behind its last. */
  offsets: readonly { partition: number; low: bigint; high: bigint }[];
  onRecord: (partition: number, record: RawRecord) => void;
  signal: AbortSignal;
}

/**
 * Reads partitions to their ends, each record once and in the order of offsets, from the brokers that lead them. It does so itself since kafkajs
 * takes several times as long for each record. At most two fetches from each broker are in memory.
 */
export class TopicReading {
  readonly #options: TopicReadingOptions;
  readonly #partitions: Map<number, Partition>;

  constructor(options: TopicReadingOptions) {
    this.#options = options;
    this.#partitions = new Map(
      options.offsets.map(({ partition, low, high }) => [
        partition,
        { next: Number(low), end: Number(high) },
      ]),
    );
  }

  /** How many records have not been read. */
  get missing(): number {
    return this.#partitions.values().reduce((sum, { next, end }) => sum + end - next, 0);
  }

  /**
   * Reads until nothing is missing. If a broker fails, reading goes on where it was.
   *
   * @throws ReadError if an offset is skipped, or records are missing when the time is over
   */
  async complete(timeoutMs: number): Promise<void> {
    const { topic, signal } = this.#options;
    const deadlineMs = Date.now() + timeoutMs;
    while (this.missing > 0) {
      if (Date.now() > deadlineMs) {
        const afterSeconds = timeoutMs / 1_000;
        throw new ReadError({ code: "topic-incomplete", topic, missing: this.missing, afterSeconds });
      }
      const leaders = await this.#leaders();
      const readings = leaders.map((leader) => this.#readFrom(leader, deadlineMs));
      for (const { reason } of (await Promise.allSettled(readings)).filter(isRejected)) {
        signal.throwIfAborted();
        if (!isPassing(reason)) throw reason;
      }
      if (this.missing > 0) await pause(retryAfterMs, signal);
    }
  }

  /**
   * The brokers that lead partitions of which records are missing. A partition may have none for a while.
   *
   * @throws Error if no broker answers
   */
  async #leaders(): Promise<Leader[]> {
    const { kafka, topic } = this.#options;
    return withAdmin(kafka, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const { brokers } = await admin.describeCluster();
      const missing = topics.flatMap(({ partitions }) =>
        partitions.filter(({ partitionId }) => this.#isMissing(partitionId)),
      );
      return brokers
        .map(({ nodeId, host }) => ({
          host,
          partitions: missing.filter(({ leader }) => leader === nodeId).map((each) => each.partitionId),
        }))
        .filter(({ partitions }) => partitions.length > 0);
    });
  }

  #isMissing(partition: number): boolean {
    const { next, end } = this.#partitions.get(partition) ?? { next: 0, end: 0 };
    return next < end;
  }

  async #readFrom({ host, partitions }: Leader, deadlineMs: number): Promise<void> {
    const { kafka, topic, signal } = this.#options;
    const connection = new BrokerConnection(await connectTo(kafka, host), requestTimeoutMs);
    const stop = () => connection.end();
    signal.addEventListener("abort", stop);
    try {
      // Where each partition is asked for next, which is ahead of what has been taken.
      const ahead = new Map(
        partitions.map((partition) => [partition, this.#partitions.get(partition)!.next]),
      );
      const ask = () => {
        const positions = [...ahead]
          .filter(([partition, offset]) => offset < this.#partitions.get(partition)!.end)
          .map(([partition, offset]) => ({ partition, offset }));
        if (positions.length === 0) return undefined;
        const answer = connection.ask(fetchKey, fetchVersion, fetchRequest(topic, positions, maxWaitMs));
        // A failure is met when the answer is needed.
        answer.catch(() => {});
        return answer;
      };
      for (let asked = ask(); asked !== undefined; ) {
        const fetched = fetchAnswer(await asked);
        for (const { partition, error, batches } of fetched) {
          if (error !== 0) throw new FetchError(error);
          const behind = offsetBehind(batches);
          if (behind !== undefined) ahead.set(partition, behind);
        }
        if (Date.now() > deadlineMs) return;
        asked = ask();
        for (const each of fetched) this.#take(each);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      connection.end();
    }
  }

  #take({ partition, batches }: FetchedPartition): void {
    const { topic, onRecord } = this.#options;
    const place = this.#partitions.get(partition);
    if (place === undefined) return;
    eachRecord(batches, (record) => {
      const { offset } = record;
      if (offset >= place.end || offset < place.next) return;
      if (offset !== place.next)
        throw new ReadError({
          code: "topic-gap",
          topic,
          partition,
          offset: `${offset}`,
          expected: `${place.next}`,
        });
      place.next = offset + 1;
      onRecord(partition, record);
    });
  }
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === "rejected";
}

/** Whether a failure may pass: that of a connection, or of a broker that no longer leads a partition. */
function isPassing(failure: unknown): boolean {
  if (failure instanceof FetchError) return failure.error !== offsetOutOfRange;
  return !(failure instanceof ReadError || failure instanceof RangeError || failure instanceof TypeError);
}
