import { ReadError } from "../../base/read-error.ts";
import type { Recorded, RecordedOffsets } from "../../judge/recorded.ts";
import type { Ledger } from "../../load/ledger.ts";
import type { TopicOffsets } from "../../products/kafka/kafka-topic.ts";
import { kafkaReadings } from "../../store/kafka-recording.ts";
import type { PipelineKafka } from "./pipeline-kafka.ts";
import { type KafkaOutput, readDeadLetters, readLines } from "./read-kafka.ts";

/**
 * Reads the topic and the dead letters into files.
 *
 * @param audited the number of records that an audit found; null if there was no audit
 * @throws ReadError if one of the topics could not be read to its end
 */
export async function readWholeKafka(
  { topics, produced, consumed }: PipelineKafka,
  output: KafkaOutput,
  ledger: Ledger,
  audited: number | null,
  signal: AbortSignal,
): Promise<NonNullable<Recorded["kafka"]>> {
  const options = { ...output, topics, ledger, signal };
  const { records, offsets } = await readLines({ ...options, kafka: produced }, kafkaReadings.final);
  const deadLetters = await readDeadLetters({ ...options, kafka: consumed }, kafkaReadings.deadLetters);
  const deleted = offsets.reduce((sum, { low }) => sum + Number(low), 0);
  const unread = deleted - (audited ?? 0);
  if (unread > 0) throw new ReadError({ code: "deleted-unread", records: unread });
  return { offsets: recordedOffsets(offsets), records, audited, deadLetters };
}

/** Offsets as texts, because JSON has no 64-bit integers. */
export function recordedOffsets(offsets: TopicOffsets): RecordedOffsets {
  return offsets.map(({ partition, low, high }) => ({ partition, low: `${low}`, high: `${high}` }));
}
