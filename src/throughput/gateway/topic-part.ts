import { messageOf } from "../../base/errors.ts";
import { check } from "../../judge/check.ts";
import { observationFor } from "../../judge/observation.ts";
import type { Ledger } from "../../load/ledger.ts";
import { withAdmin } from "../../products/kafka/kafka-admin.ts";
import { type TopicOffsets, topicOffsets } from "../../products/kafka/kafka-topic.ts";
import { TopicReading } from "../../products/kafka/topic-reading.ts";
import type { PipelineKafka } from "../../sinks/kafka/pipeline-kafka.ts";
import { LineIntake } from "../../sinks/line-intake.ts";
import type { Journal } from "../../store/journal.ts";
import { type TrialReading, trialReadingOf } from "../read-trial.ts";

const readTimeoutMs = 300_000;

/** The part of the topic that has the lines of a trial: what was written to it since the trial began. */
export class TopicPart {
  readonly #kafka: PipelineKafka;
  readonly #begin: TopicOffsets;

  private constructor(kafka: PipelineKafka, begin: TopicOffsets) {
    this.#kafka = kafka;
    this.#begin = begin;
  }

  /** @throws ReadError if the brokers do not tell where the topic ends */
  static async beginNow(kafka: PipelineKafka): Promise<TopicPart> {
    return new TopicPart(kafka, await endsOf(kafka));
  }

  /**
   * Reads every record, and compares it byte for byte with the lines.
   *
   * @throws ReadError if a partition could not be read to its end
   */
  async read(ledger: Ledger, signal: AbortSignal): Promise<TrialReading> {
    const { produced: kafka, topics } = this.#kafka;
    const observation = observationFor(ledger);
    const intake = new LineIntake(ledger, observation);
    const begin = new Map(this.#begin.map(({ partition, high }) => [partition, high]));
    const offsets = (await endsOf(this.#kafka)).map(({ partition, low, high }) => ({
      ...{ partition, high },
      low: begin.get(partition) ?? low,
    }));
    const onRecord = (_: number, { value }: { value: Buffer | null }) =>
      value === null ? intake.addText("") : intake.addBytes(value);
    await new TopicReading({ kafka, topic: topics.topic, offsets, onRecord, signal }).complete(readTimeoutMs);
    intake.end();
    return trialReadingOf(check(ledger, observation).counts);
  }

  /** Has Kafka delete everything that is in the topic now: a search would fill the disk. If it does not, the search goes on. */
  async remove(journal: Journal): Promise<void> {
    const { produced, topics } = this.#kafka;
    try {
      await withAdmin(produced, async (admin) => {
        const partitions = (await topicOffsets(admin, topics.topic))
          .filter(({ low, high }) => high > low)
          .map(({ partition, high }) => ({ partition, offset: `${high}` }));
        if (partitions.length > 0) await admin.deleteTopicRecords({ topic: topics.topic, partitions });
      });
    } catch (thrown) {
      journal.add("records-not-deleted", { failure: messageOf(thrown) });
    }
  }
}

function endsOf({ produced, topics }: PipelineKafka): Promise<TopicOffsets> {
  return withAdmin(produced, (admin) => topicOffsets(admin, topics.topic));
}
