import type { Kafka } from "kafkajs";
import pRetry from "p-retry";
import { messageOf } from "../base/errors.ts";
import { kafkaOf } from "../faults/kafka-of.ts";
import { check } from "../judge/check.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import { entriesOf, type Ledger } from "../load/ledger.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import type { Part, Pipeline } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import { withAdmin } from "../products/kafka-admin.ts";
import { groupLag, recordsIn, type TopicOffsets, topicOffsets } from "../products/kafka-topic.ts";
import { ReadError } from "../sinks/read-error.ts";
import type { Journal } from "../store/journal.ts";
import type { RunFolder } from "../store/run-folder.ts";
import {
  type ReadKafkaOptions,
  readDeadLetters,
  readLines,
  recordsOf,
  type TopicReading,
  waitForRecords,
} from "./read-kafka.ts";
import { changeTopicConfig } from "./topic-config.ts";

/** A gateway that lost its broker tries again for 20 s. */
const auditQuietMs = 30_000;
/** The file of the last reading is called after this. */
export const readingName = "kafka";
const auditName = "kafka-audit";
const failOverRetries = 3;
const failOverTimeoutMs = 60_000;

/** All that was ever seen to lie in Kafka. */
export interface KafkaReading extends TopicReading {
  /** Of the records those that Kafka had deleted by the end, because its retention was over. */
  deleted: { records: number; observation: Observation };
  /** What the consumer laid aside, by the reason it gave. */
  deadLetters: Map<string, Observation>;
}

/** What a run asks of a pipeline's Kafka: what it holds, and how far its consumer is. */
export class KafkaSide {
  readonly #stack: Stack;
  readonly #topics: NonNullable<Pipeline["kafka"]>;
  readonly #kafka: Kafka;
  /** The second site's, where there is one: what the consumer reads. */
  readonly #standby: Part | undefined;
  readonly #options: Pick<ReadKafkaOptions, "runId" | "folder" | "journal">;
  #isAudited = false;

  constructor(stack: Stack, runId: string, folder: RunFolder, journal: Journal) {
    this.#stack = stack;
    this.#topics = stack.pipeline.kafka!;
    this.#kafka = kafkaOf(stack);
    const { sites, beside } = stack.pipeline;
    this.#standby = sites?.standby === undefined ? undefined : beside[sites.standby];
    this.#options = { runId, folder, journal };
  }

  /**
   * Whether the consumer has records before it that it has not committed, or the second site's Kafka has fewer than the first's;
   * undefined where nobody can tell.
   */
  async isConsumerBehind(isFirstSiteUp = true): Promise<boolean | undefined> {
    const { journal } = this.#options;
    const { group, topic } = this.#topics;
    try {
      const { lag, held } = await withAdmin(kafkaOf(this.#stack, this.#standby), async (admin) => ({
        lag: await groupLag(admin, group, topic),
        held: recordsIn(await topicOffsets(admin, topic)),
      }));
      const unmirrored = this.#standby && isFirstSiteUp ? (await this.#recordsInFirstSite()) - held : 0;
      journal.add("consumer-lag", { records: lag ?? null, unmirrored });
      if (unmirrored > 0) return true;
      return lag === undefined ? undefined : lag > 0;
    } catch (thrown) {
      journal.add("consumer-lag", { failure: messageOf(thrown) });
      return undefined;
    }
  }

  /**
   * Reads what Kafka holds of the lines that are written by now, when they have had time to get there.
   *
   * @returns how much that is, in a few words
   */
  async audit(writer: LoadWriter, signal: AbortSignal): Promise<string> {
    const ledger = writer.hasEnded ? await writer.finished : writer.soFar();
    const written = ledger.sources.reduce((sum, source) => sum + source.written, 0);
    const records = entriesOf(ledger);
    await waitForRecords(this.#kafka, this.#topics.topic, records, auditQuietMs, signal);
    const reading = await readLines(this.#optionsFor(ledger, signal), auditName);
    this.#isAudited = true;
    const { delivered, lost, duplicated } = check(ledger, reading.observation).counts;
    this.#options.journal.add("kafka-audited", {
      records: reading.records,
      written,
      delivered,
      lost,
      duplicated,
    });
    return `Kafka held ${delivered} of ${written} lines before it healed`;
  }

  /**
   * Reads everything, and adds what was there when it was audited and is no longer.
   *
   * @throws ReadError if one of the topics could not be read to its end
   */
  async read(ledger: Ledger, signal: AbortSignal): Promise<KafkaReading> {
    const options = this.#optionsFor(ledger, signal);
    const reading = await readLines(options, readingName);
    const consumed = { ...options, kafka: kafkaOf(this.#stack, this.#standby) };
    const deadLetters = await readDeadLetters(consumed, `${readingName}-dead-letters`);
    const deleted = { records: 0, observation: observationFor(ledger) };
    const deletedInAll = reading.offsets.reduce((sum, { low }) => sum + Number(low), 0);
    if (deletedInAll === 0) return { ...reading, deadLetters, deleted };
    if (!this.#isAudited)
      throw new ReadError(`Kafka had deleted ${deletedInAll} records before anybody read them.`);
    // Once more from the files, the oldest first: an observation also tells what is out of order.
    const observation = observationFor(ledger);
    const lows = new Map(reading.offsets.map(({ partition, low }) => [partition, low]));
    for await (const { partition, offset, line } of recordsOf(options.folder.observed(auditName))) {
      if (BigInt(offset) >= lows.get(partition)!) continue;
      deleted.records++;
      deleted.observation.add(line);
      observation.add(line);
    }
    for await (const { line } of recordsOf(options.folder.observed(readingName))) observation.add(line);
    return { ...reading, observation, records: reading.records + deleted.records, deadLetters, deleted };
  }

  /**
   * Lets the consumer's Kafka go on with two replicas in sync, as an operator does who gives the first site up: with fewer in sync than
   * `min.insync.replicas` Kafka holds back what followers had not yet heard to be committed.
   *
   * @returns how far each partition goes then; undefined if the brokers do not tell or do not do it
   */
  async failOver(): Promise<TopicOffsets | undefined> {
    const lower = () =>
      withAdmin(kafkaOf(this.#stack, this.#standby), async (admin) => {
        await changeTopicConfig(admin, this.#topics.topic, [{ name: "min.insync.replicas", value: "2" }]);
        return topicOffsets(admin, this.#topics.topic);
      });
    try {
      return await pRetry(lower, {
        retries: failOverRetries,
        minTimeout: 1_000,
        maxRetryTime: failOverTimeoutMs,
      });
    } catch (thrown) {
      this.#options.journal.add("fail-over", { failure: messageOf(thrown) });
      return undefined;
    }
  }

  async #recordsInFirstSite(): Promise<number> {
    return withAdmin(this.#kafka, async (admin) => recordsIn(await topicOffsets(admin, this.#topics.topic)));
  }

  #optionsFor(ledger: Ledger, signal: AbortSignal): ReadKafkaOptions {
    return { ...this.#options, kafka: this.#kafka, topics: this.#topics, ledger, signal };
  }
}
