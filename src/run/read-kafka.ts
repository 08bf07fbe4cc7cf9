import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Kafka } from "kafkajs";
import { pause } from "../base/pause.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { withAdmin } from "../products/kafka-admin.ts";
import {
  type KafkaRecord,
  readTopic,
  recordsIn,
  type TopicExtent,
  type TopicOffsets,
  topicOffsets,
} from "../products/kafka-topic.ts";
import { rawLineOf } from "../sinks/file/envelope.ts";
import { ReadError } from "../sinks/read-error.ts";
import type { Journal } from "../store/journal.ts";
import { ObservedFile, type RunFolder } from "../store/run-folder.ts";

const readTimeoutMs = 120_000;
const waitProbeMs = 200;
const reasonHeader = "reason";

/** What a topic held. */
export interface TopicReading {
  records: number;
  offsets: TopicOffsets;
  observation: Observation;
}

/** What to read, and where to. */
export interface ReadKafkaOptions {
  kafka: Kafka;
  topics: NonNullable<Pipeline["kafka"]>;
  runId: string;
  ledger: Ledger;
  folder: RunFolder;
  journal: Journal;
  signal: AbortSignal;
}

/**
 * Reads the topic of the lines. It decides on no verdict: it tells where lines were lost.
 *
 * @param reading what the file of this reading is called after
 * @throws ReadError if it could not be read to its end
 */
export async function readLines(options: ReadKafkaOptions, reading: string): Promise<TopicReading> {
  const observation = observationFor(options.ledger);
  // Whoever produces it may have put the line into an object of its own.
  const onRecord = ({ line }: KafkaRecord) => void observation.add(rawLineOf(line, observation.codec));
  const { records, offsets } = await readInto(options, options.topics.topic, reading, onRecord);
  return { records, offsets, observation };
}

/**
 * Reads what the consumer laid aside, by the reason it gave.
 *
 * @throws ReadError if it could not be read to its end
 */
export async function readDeadLetters(
  options: ReadKafkaOptions,
  reading: string,
): Promise<Map<string, Observation>> {
  const { topics, ledger } = options;
  const deadLetters = new Map<string, Observation>();
  if (topics.deadLetterTopic === undefined) return deadLetters;
  await readInto(options, topics.deadLetterTopic, reading, ({ line, headers }) => {
    const reason = headers[reasonHeader] ?? "unknown";
    const letters = deadLetters.get(reason) ?? observationFor(ledger);
    letters.add(line);
    deadLetters.set(reason, letters);
  });
  return deadLetters;
}

/** The records of a reading, from its file. */
export async function* recordsOf(path: string): AsyncGenerator<KafkaRecord> {
  for await (const text of createInterface({ input: createReadStream(path) }))
    yield JSON.parse(text) as KafkaRecord;
}

async function readInto(
  { kafka, runId, folder, journal, signal }: ReadKafkaOptions,
  topic: string,
  reading: string,
  onRecord: (record: KafkaRecord) => void,
): Promise<TopicExtent> {
  const file = new ObservedFile(folder.observed(reading));
  try {
    const groupId = `everyline-${runId}-${reading}`;
    const extent = await readTopic(kafka, { topic, groupId, timeoutMs: readTimeoutMs, signal }, (record) => {
      file.add({ ...record });
      onRecord(record);
    });
    const { records, offsets } = extent;
    journal.add("read-kafka", { reading, topic, records, offsets: offsetTexts(offsets) });
    return extent;
  } finally {
    file.close();
  }
}

/** Offsets as JSON can hold them, `FIRST-END` a partition. */
function offsetTexts(offsets: TopicOffsets): Record<number, string> {
  return Object.fromEntries(offsets.map(({ partition, low, high }) => [partition, `${low}-${high}`]));
}

/**
 * Waits until a topic holds a number of records, or nothing has come for a while.
 *
 * @param quietMs how long nothing may come
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
