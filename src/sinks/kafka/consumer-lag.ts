import { messageOf } from "../../base/errors.ts";
import { withAdmin } from "../../products/kafka/kafka-admin.ts";
import { groupLag, recordsIn, topicOffsets } from "../../products/kafka/kafka-topic.ts";
import type { Journal } from "../../store/journal.ts";
import type { PipelineKafka } from "./pipeline-kafka.ts";

/**
 * Whether the consumer has not committed all records yet, or the second site's Kafka does not have all records of the first; undefined if
 * this cannot be determined.
 */
export async function isConsumerBehind(
  { topics: { group, topic }, produced, consumed, isMirrored }: PipelineKafka,
  journal: Journal,
  isFirstSiteUp = true,
): Promise<boolean | undefined> {
  try {
    const { lag, held } = await withAdmin(consumed, async (admin) => ({
      lag: await groupLag(admin, group, topic),
      held: recordsIn(await topicOffsets(admin, topic)),
    }));
    const inFirstSite = () =>
      withAdmin(produced, async (admin) => recordsIn(await topicOffsets(admin, topic)));
    const unmirrored = isMirrored && isFirstSiteUp ? (await inFirstSite()) - held : 0;
    journal.add("consumer-lag", { records: lag ?? null, unmirrored });
    if (unmirrored > 0) return true;
    return lag === undefined ? undefined : lag > 0;
  } catch (thrown) {
    journal.add("consumer-lag", { failure: messageOf(thrown) });
    return undefined;
  }
}
