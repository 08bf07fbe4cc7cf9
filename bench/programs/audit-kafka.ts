import { Redactor } from "../../src/base/redact.ts";
import { check } from "../../src/judge/check.ts";
import { observationFor } from "../../src/judge/observation.ts";
import { readLedger } from "../../src/load/ledger.ts";
import { connectKafka } from "../../src/products/kafka/kafka-admin.ts";
import { readLines } from "../../src/sinks/kafka/read-kafka.ts";
import { LineIntake } from "../../src/sinks/line-intake.ts";
import { Journal } from "../../src/store/journal.ts";
import { RunFolder } from "../../src/store/run-folder.ts";

/** `audit-kafka.ts PORT TOPIC LEDGER`: reads every record of a topic, stores it and checks it, as the audit of a run, and prints the counts. */
const [port, topic, path] = process.argv.slice(2) as [string, string, string];
const ledger = await readLedger(path);
const kafka = connectKafka({ services: { "127.0.0.1": {} }, port: Number(port) }, async () => Number(port));
const folder = await RunFolder.create(".", "audit-kafka");
const journal = new Journal(folder.file("journal.ndjson"), new Redactor(), () => {});
const observation = observationFor(ledger);
const intake = new LineIntake(ledger, observation);
const { signal } = new AbortController();
await readLines({ kafka, topics: { topic }, ledger, folder, journal, signal }, "kafka-audit", intake);
intake.end();
process.stdout.write(`${JSON.stringify(check(ledger, observation).counts)}\n`);
