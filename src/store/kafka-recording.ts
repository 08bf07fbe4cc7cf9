import { z } from "zod";
import { type Observation, observationFor } from "../judge/observation.ts";
import type { Recorded } from "../judge/recorded.ts";
import type { FailoverRecording, KafkaRecording } from "../judge/recording.ts";
import { inAnyFrame, type Ledger } from "../load/ledger.ts";
import type { RecordingFiles } from "./recording-files.ts";
import { observedName } from "./run-folder.ts";

/** The names of the readings of Kafka and of a second site; each is stored as `observed-READING.jsonl`. */
export const kafkaReadings = {
  /** Of the topic, at the end. */
  final: "kafka",
  /** Of the topic, before a fault healed. */
  audit: "kafka-audit",
  deadLetters: "kafka-dead-letters",
  /** Of a second site's sink, while the first was lost. */
  secondSite: "site-b",
} as const;

const reasonHeader = "reason";
const recordSchema = z.object({
  partition: z.int(),
  offset: z.string(),
  line: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
});

type KafkaRecord = z.infer<typeof recordSchema>;

/**
 * Reads every record that was read from Kafka: first those that an audit found and that Kafka has deleted since, then those of the final
 * reading. The order matters, because an observation also counts lines that are out of order.
 */
export async function readKafkaRecording(
  files: RecordingFiles,
  ledger: Ledger,
  { kafka, failover }: Pick<Recorded, "kafka" | "failover">,
): Promise<{ kafka: KafkaRecording | undefined; failover: FailoverRecording | undefined }> {
  if (kafka === null) return { kafka: undefined, failover: undefined };
  const inKafka = inAnyFrame(ledger);
  const observation = observationFor(inKafka);
  const deleted = { records: 0, observation: observationFor(inKafka) };
  const lows = new Map(kafka.offsets.map(({ partition, low }) => [partition, BigInt(low)]));
  if (kafka.audited !== null && [...lows.values()].some((low) => low > 0n)) {
    await readRecords(files, kafkaReadings.audit, kafka.audited, ({ partition, offset, line }) => {
      if (BigInt(offset) >= (lows.get(partition) ?? 0n)) return;
      deleted.records++;
      deleted.observation.add(line);
      observation.add(line);
    });
  }
  const ends = new Map(failover?.acknowledged.map(({ partition, end }) => [partition, BigInt(end)]));
  const acknowledged = observationFor(inKafka);
  await readRecords(files, kafkaReadings.final, kafka.records, ({ partition, offset, line }) => {
    observation.add(line);
    if (BigInt(offset) < (ends.get(partition) ?? 0n)) acknowledged.add(line);
  });
  const records = kafka.records + deleted.records;
  const deadLetters = await readDeadLetters(files, inKafka, kafka.deadLetters);
  return {
    kafka: { records, observation, deleted, deadLetters },
    failover: failover === null ? undefined : await readFailover(files, ledger, failover, acknowledged),
  };
}

async function readDeadLetters(
  files: RecordingFiles,
  ledger: Ledger,
  count: number | null,
): Promise<Map<string, Observation>> {
  const deadLetters = new Map<string, Observation>();
  if (count === null) return deadLetters;
  await readRecords(files, kafkaReadings.deadLetters, count, ({ line, headers }) => {
    const reason = headers[reasonHeader] ?? "unknown";
    const letters = deadLetters.get(reason) ?? observationFor(ledger);
    letters.add(line);
    deadLetters.set(reason, letters);
  });
  return deadLetters;
}

async function readFailover(
  files: RecordingFiles,
  ledger: Ledger,
  { entries }: NonNullable<Recorded["failover"]>,
  acknowledged: Observation,
): Promise<FailoverRecording> {
  const observation = observationFor(ledger);
  const file = observedName(kafkaReadings.secondSite);
  await files.readLines(file, entries, (line) => void observation.add(line));
  return { observation, acknowledged };
}

async function readRecords(
  files: RecordingFiles,
  reading: string,
  count: number,
  onRecord: (record: KafkaRecord) => void,
): Promise<void> {
  await files.read(observedName(reading), count, (value) => {
    onRecord(recordSchema.parse(value));
    return 1;
  });
}
