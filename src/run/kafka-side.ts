import type { Kafka } from "kafkajs";
import pRetry from "p-retry";
import { messageOf } from "../base/errors.ts";
import { kafkaOf } from "../faults/kafka-of.ts";
import { check } from "../judge/check.ts";
import { observationFor } from "../judge/observation.ts";
import type { Recorded, RecordedOffsets } from "../judge/recorded.ts";
import { entriesOf, type Ledger } from "../load/ledger.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import type { Part, Pipeline } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/place.ts";
import { withAdmin } from "../products/kafka-admin.ts";
import { groupLag, recordsIn, type TopicOffsets, topicOffsets } from "../products/kafka-topic.ts";
import { ReadError } from "../sinks/read-error.ts";
import type { Journal } from "../store/journal.ts";
import { kafkaReadings } from "../store/kafka-recording.ts";
import type { RunFolder } from "../store/run-folder.ts";
import { type ReadKafkaOptions, readDeadLetters, readLines, waitForRecords } from "./read-kafka.ts";
import { changeTopicConfig } from "./topic-config.ts";

/** A gateway that lost its broker tries again for 20 s. */
const auditQuietMs = 30_000;
const failOverRetries = 3;
const failOverTimeoutMs = 60_000;

/** What a run asks of a pipeline's Kafka: what it holds, and how far its consumer is. */
export class KafkaSide {
  readonly #stack: Stack;
  readonly #topics: NonNullable<Pipeline["kafka"]>;
  readonly #kafka: Kafka;
  /** The second site's, where there is one: what the consumer reads. */
  readonly #standby: Part | undefined;
  readonly #options: Pick<ReadKafkaOptions, "runId" | "folder" | "journal">;
  /** How many records there were when it was audited; null if it was not. */
  #audited: number | null = null;

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
   * @returns how many of the lines that were written that is
   */
  async audit(writer: LoadWriter, signal: AbortSignal): Promise<{ delivered: number; written: number }> {
    const ledger = writer.hasEnded ? await writer.finished : writer.soFar();
    const written = ledger.sources.reduce((sum, source) => sum + source.written, 0);
    const records = entriesOf(ledger);
    await waitForRecords(this.#kafka, this.#topics.topic, records, auditQuietMs, signal);
    const observation = observationFor(ledger);
    const onLine = (line: string) => void observation.add(line);
    const reading = await readLines(this.#optionsFor(ledger, signal), kafkaReadings.audit, onLine);
    this.#audited = reading.records;
    const { delivered, lost, duplicated } = check(ledger, observation).counts;
    this.#options.journal.add("kafka-audited", {
      records: reading.records,
      written,
      delivered,
      lost,
      duplicated,
    });
    return { delivered, written };
  }

  /**
   * Reads everything into files.
   *
   * @throws ReadError if one of the topics could not be read to its end
   */
  async read(ledger: Ledger, signal: AbortSignal): Promise<NonNullable<Recorded["kafka"]>> {
    const options = this.#optionsFor(ledger, signal);
    const { records, offsets } = await readLines(options, kafkaReadings.final);
    const consumed = { ...options, kafka: kafkaOf(this.#stack, this.#standby) };
    const deadLetters = await readDeadLetters(consumed, kafkaReadings.deadLetters);
    const deleted = offsets.reduce((sum, { low }) => sum + Number(low), 0);
    if (deleted > 0 && this.#audited === null)
      throw new ReadError(`Kafka had deleted ${deleted} records before anybody read them.`);
    return { offsets: recordedOffsets(offsets), records, audited: this.#audited, deadLetters };
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

/** Offsets as JSON can hold them. */
export function recordedOffsets(offsets: TopicOffsets): RecordedOffsets {
  return offsets.map(({ partition, low, high }) => ({ partition, low: `${low}`, high: `${high}` }));
}
