import { isUtf8 } from "node:buffer";
import type { Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { ReadError } from "../../base/read-error.ts";
import { observationFor } from "../../judge/observation.ts";
import { inAnyFrame, type Ledger } from "../../load/ledger.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { withAdmin } from "../../products/kafka/kafka-admin.ts";
import {
  readTopic,
  recordsIn,
  type TopicExtent,
  type TopicOffsets,
  topicOffsets,
} from "../../products/kafka/kafka-topic.ts";
import { noHeaders, type RawRecord } from "../../products/kafka/record-batches.ts";
import type { Journal } from "../../store/journal.ts";
import { ObservedFile } from "../../store/observed-file.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { rawLineOf } from "../file/envelope.ts";
import type { LineIntake } from "../line-intake.ts";

const readTimeoutMs = 120_000;
const waitProbeMs = 200;

/** Where a run stores what it reads from Kafka. */
export interface KafkaOutput {
  folder: RunFolder;
  journal: Journal;
}

/** What to read, and where to store it. */
interface ReadKafkaOptions extends KafkaOutput {
  kafka: Kafka;
  topics: Pick<NonNullable<Pipeline["kafka"]>, "topic"> & { deadLetterTopic?: string | undefined };
  ledger: Ledger;
  signal: AbortSignal;
}

/**
 * Reads the topic of the lines into a file. No verdict depends on it; it shows where lines were lost.
 *
 * @param reading the name of this reading, which is part of the file name
 * @param intake takes each line
 * @throws ReadError if it could not be read to its end
 */
export async function readLines(
  options: ReadKafkaOptions,
  reading: string,
  intake?: LineIntake,
): Promise<TopicExtent> {
  const { codec } = observationFor(inAnyFrame(options.ledger));
  const beginning = codec.written === undefined ? Buffer.from(codec.beginning) : undefined;
  return readInto(options, options.topics.topic, reading, (file, partition, record) => {
    const { offset, headers, value } = record;
    if (value !== null && beginning !== undefined && beginsWith(value, beginning) && isUtf8(value)) {
      const before = `{"partition":${partition},"offset":"${offset}","line":`;
      file.addAround(before, value, headers === noHeaders ? `,"headers":{}}` : headersJson(headers));
      intake?.addBytes(value);
      return;
    }
    // The producer may have wrapped the line in a JSON object.
    const text = `${value ?? ""}`;
    const line = rawLineOf(text, codec);
    const stored = storedRecord(partition, record);
    file.add(line === text ? stored : { ...stored, line, value: text });
    intake?.addText(line);
  });
}

/** Lines in Everyline's own JSON begin so, and what begins so has not to be unwrapped. */
function beginsWith(value: Buffer, beginning: Buffer): boolean {
  return (
    value.length >= beginning.length &&
    value.compare(beginning, 0, beginning.length, 0, beginning.length) === 0
  );
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
  const { records } = await readInto(options, deadLetterTopic, reading, (file, partition, record) =>
    file.add(storedRecord(partition, record)),
  );
  return records;
}

function headersJson(headers: RawRecord["headers"]): string {
  return `,"headers":${JSON.stringify(headers)}}`;
}

/** A record as it is stored: its value as text; one without a value is an empty line. */
function storedRecord(partition: number, { offset, value, headers }: RawRecord): object {
  return { partition, offset: `${offset}`, line: `${value ?? ""}`, headers };
}

async function readInto(
  { kafka, folder, journal, signal }: ReadKafkaOptions,
  topic: string,
  reading: string,
  store: (file: ObservedFile, partition: number, record: RawRecord) => void,
): Promise<TopicExtent> {
  const file = new ObservedFile(folder.observed(reading));
  try {
    const extent = await readTopic(kafka, { topic, timeoutMs: readTimeoutMs, signal }, (partition, record) =>
      store(file, partition, record),
    );
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
