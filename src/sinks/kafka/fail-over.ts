import pRetry from "p-retry";
import { messageOf } from "../../base/errors.ts";
import { withAdmin } from "../../products/kafka/kafka-admin.ts";
import { type TopicOffsets, topicOffsets } from "../../products/kafka/kafka-topic.ts";
import { changeTopicConfig } from "../../products/kafka/topic-config.ts";
import type { Journal } from "../../store/journal.ts";
import type { PipelineKafka } from "./pipeline-kafka.ts";

const failOverRetries = 3;
const failOverTimeoutMs = 60_000;

/**
 * Lets the consumer's Kafka go on with two replicas in sync, as an operator does who gives the first site up: with fewer in sync than
 * `min.insync.replicas` Kafka holds back what followers had not yet heard to be committed.
 *
 * @returns how far each partition goes then; undefined if the brokers do not tell or do not do it
 */
export async function failOver(
  { topics: { topic }, consumed }: PipelineKafka,
  journal: Journal,
): Promise<TopicOffsets | undefined> {
  const lower = () =>
    withAdmin(consumed, async (admin) => {
      await changeTopicConfig(admin, topic, [{ name: "min.insync.replicas", value: "2" }]);
      return topicOffsets(admin, topic);
    });
  try {
    return await pRetry(lower, {
      retries: failOverRetries,
      minTimeout: 1_000,
      maxRetryTime: failOverTimeoutMs,
    });
  } catch (thrown) {
    journal.add("fail-over", { failure: messageOf(thrown) });
    return undefined;
  }
}
