import type { Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { ReadError } from "../../base/read-error.ts";
import { observationFor } from "../../judge/observation.ts";
import { inAnyFrame, type Ledger } from "../../load/ledger.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { withAdmin } from "../../products/kafka/kafka-admin.ts";
import {
  type KafkaRecord,
  readTopic,
  recordsIn,
  type TopicExtent,
  type TopicOffsets,
  topicOffsets,
} from "../../products/kafka/kafka-topic.ts";
import type { Journal } from "../../store/journal.ts";
import { ObservedFile } from "../../store/observed-file.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { rawLineOf } from "../file/envelope.ts";

const readTimeoutMs = 120_000;
const waitProbeMs = 200;

/** Where a run stores what it reads from Kafka. */
export interface KafkaOutput {
  runId: string;
  folder: RunFolder;
  journal: Journal;
}

/** What to read, and where to store it. */
interface ReadKafkaOptions extends KafkaOutput {
  kafka: Kafka;
  topics: NonNullable<Pipeline["kafka"]>;
  ledger: Ledger;
  signal: AbortSignal;
}

/**
 * Reads the topic of the lines into a file. No verdict depends on it; it shows where lines were lost.
 *
 * @param reading the name of this reading, which is part of the file name
 * @param onLine takes each line
 * @throws ReadError if it could not be read to its end
 */
export async function readLines(
  options: ReadKafkaOptions,
  reading: string,
  onLine: (line: string) => void = () => {},
): Promise<TopicExtent> {
  const { codec } = observationFor(inAnyFrame(options.ledger));
  return readInto(options, options.topics.topic, reading, (record) => {
    // The producer may have wrapped the line in a JSON object.
    const line = rawLineOf(record.line, codec);
    onLine(line);
    return line === record.line ? record : { ...record, line, value: record.line };
  });
}

/**
 * Reads the dead letters of the consumer into a file.
 *
 * @returns the number of records; null if the consumer has no dead letter topic
 * @throws ReadError if it could not be read to its end
 */
export async function readDeadLetters(options: ReadKafkaOptions, reading: string): Promise<number | null> {
  const { deadLetterTopic } = options.topics;
  if (deadLetterTopic === undefined) return null;
  return (await readInto(options, deadLetterTopic, reading, (record) => record)).records;
}

async function readInto(
  { kafka, runId, folder, journal, signal }: ReadKafkaOptions,
  topic: string,
  reading: string,
  stored: (record: KafkaRecord) => object,
): Promise<TopicExtent> {
  const file = new ObservedFile(folder.observed(reading));
  try {
    const groupId = `everyline-${runId}-${reading}`;
    const extent = await readTopic(kafka, { topic, groupId, timeoutMs: readTimeoutMs, signal }, (record) => {
      file.add(stored(record));
    });
    const { records, offsets } = extent;
    journal.add("read-kafka", { reading, topic, records, offsets: offsetTexts(offsets) });
    return extent;
  } finally {
    file.close();
  }
}

/** Offsets as texts for JSON: `FIRST-END` for each partition. */
function offsetTexts(offsets: TopicOffsets): Record<number, string> {
  return Object.fromEntries(offsets.map(({ partition, low, high }) => [partition, `${low}-${high}`]));
}

/**
 * Waits until a topic contains a number of records, or no new record has arrived for a while.
 *
 * @param quietMs how long to wait without a new record
 */
export async function waitForRecords(
  kafka: Kafka,
  topic: string,
  records: number,
  quietMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withAdmin(kafka, async (admin) => {
      let held = -1;
      let movedAtMs = Date.now();
      while (held < records && Date.now() - movedAtMs < quietMs) {
        const now = recordsIn(await topicOffsets(admin, topic));
        if (now !== held) movedAtMs = Date.now();
        held = now;
        await pause(waitProbeMs, signal);
      }
    });
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
  }
}
