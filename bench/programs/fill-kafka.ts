import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import kafkajs from "kafkajs";
import { readLedger } from "../../src/load/ledger.ts";
import { connectKafka } from "../../src/products/kafka/kafka-admin.ts";

/** `fill-kafka.ts PORT TOPIC FOLDER`: sends the generated lines of a folder to a topic, each source to a partition of its own. */
const [port, topic, folder] = process.argv.slice(2) as [string, string, string];
const { sources } = await readLedger(`${folder}/ledger.json`);
const kafka = connectKafka({ services: { "127.0.0.1": {} }, port: Number(port) }, async () => Number(port));
const recordsPerSend = 4_000;

const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: sources.length }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer();
await producer.connect();
for (const [partition, { source }] of sources.entries()) {
  let messages: { value: string; partition: number }[] = [];
  const send = async () => {
    await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.Snappy });
    messages = [];
  };
  for await (const value of createInterface(createReadStream(`${folder}/${source}.log`))) {
    messages.push({ value, partition });
    if (messages.length === recordsPerSend) await send();
  }
  if (messages.length > 0) await send();
}
await producer.disconnect();
