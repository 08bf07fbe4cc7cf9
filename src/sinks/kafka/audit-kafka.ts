import { check } from "../../judge/check.ts";
import { observationFor } from "../../judge/observation.ts";
import { entriesOf, inAnyFrame, writtenIn } from "../../load/ledger.ts";
import type { LoadWriter } from "../../load/load-writer.ts";
import { kafkaReadings } from "../../store/kafka-recording.ts";
import { LineIntake } from "../line-intake.ts";
import type { PipelineKafka } from "./pipeline-kafka.ts";
import { type KafkaOutput, readLines, waitForRecords } from "./read-kafka.ts";

/** Longer than the 20 s for which a gateway retries after it has lost its broker. */
const auditQuietMs = 30_000;

/** What an audit found in Kafka. */
export interface KafkaAudit {
  records: number;
  /** How many of the lines written so far are among them. */
  delivered: number;
  written: number;
}

/**
 * Waits until the lines written so far have had time to reach Kafka, then reads all records.
 *
 * @throws ReadError if the topic could not be read to its end
 */
export async function auditKafka(
  kafka: PipelineKafka,
  output: KafkaOutput,
  writer: LoadWriter,
  signal: AbortSignal,
): Promise<KafkaAudit> {
  const ledger = writer.hasEnded ? await writer.finished : writer.soFar();
  const written = writtenIn(ledger);
  await waitForRecords(kafka.produced, kafka.topics.topic, entriesOf(ledger), auditQuietMs, signal);
  const stored = inAnyFrame(ledger);
  const observation = observationFor(stored);
  const intake = new LineIntake(stored, observation);
  const options = { ...output, kafka: kafka.produced, topics: kafka.topics, ledger, signal };
  const { records } = await readLines(options, kafkaReadings.audit, intake);
  intake.end();
  const { delivered, lost, duplicated } = check(ledger, observation).counts;
  output.journal.add("kafka-audited", { records, written, delivered, lost, duplicated });
  return { records, delivered, written };
}
