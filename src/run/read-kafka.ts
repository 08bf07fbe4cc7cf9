import type { Kafka } from "kafkajs";
import { type Observation, observationFor } from "../check/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { pause } from "../pause.ts";
import { type KafkaRecord, readTopic, recordsIn, topicOffsets } from "../read/kafka.ts";
import { ReadError } from "../read/read-error.ts";
import { withAdmin } from "../stack/kafka.ts";
import type { Pipeline } from "../stack/pipeline.ts";
import type { Journal } from "./journal.ts";
import { ObservedFile, type RunFolder } from "./run-folder.ts";

const readTimeoutMs = 120_000;
const waitProbeMs = 200;
const reasonHeader = "reason";

/** What lies in Kafka. */
export interface KafkaReading {
  records: number;
  observation: Observation;
  /** What the consumer laid aside, by the reason it gave. */
  deadLetters: Map<string, Observation>;
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
 * Reads the topic and the dead letters. Neither decides on a verdict: they tell where lines were lost.
 *
 * @param reading what the files of this reading are called after
 * @throws ReadError if one of them could not be read to its end
 */
export async function readKafka(options: ReadKafkaOptions, reading: string): Promise<KafkaReading> {
  const { topics, ledger } = options;
  const observation = observationFor(ledger);
  const records = await readInto(options, topics.topic, reading, ({ line }) => void observation.add(line));
  const deadLetters = new Map<string, Observation>();
  await readInto(options, topics.deadLetterTopic, `${reading}-dead-letters`, ({ line, headers }) => {
    const reason = headers[reasonHeader] ?? "unknown";
    const letters = deadLetters.get(reason) ?? observationFor(ledger);
    letters.add(line);
    deadLetters.set(reason, letters);
  });
  return { records, observation, deadLetters };
}

async function readInto(
  { kafka, runId, folder, journal, signal }: ReadKafkaOptions,
  topic: string,
  reading: string,
  onRecord: (record: KafkaRecord) => void,
): Promise<number> {
  const file = new ObservedFile(folder.observed(reading));
  try {
    const groupId = `everyline-${runId}-${reading}`;
    const extent = await readTopic(kafka, { topic, groupId, timeoutMs: readTimeoutMs, signal }, (record) => {
      file.add({ ...record });
      onRecord(record);
    });
    journal.add("read-kafka", { reading, topic, ...extent });
    return extent.records;
  } finally {
    file.close();
  }
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
