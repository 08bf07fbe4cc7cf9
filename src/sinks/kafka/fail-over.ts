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
 * Allows the consumer's Kafka to continue with two in-sync replicas, as an operator would who gives up the first site. With fewer in-sync
 * replicas than `min.insync.replicas`, Kafka does not deliver records that followers did not yet know to be committed.
 *
 * @returns the end of each partition afterwards; undefined if the brokers do not answer or refuse
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
