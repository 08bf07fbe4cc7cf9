import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LokiClient } from "../src/sinks/loki/loki-client.ts";
import { readLoki } from "../src/sinks/loki/loki-reader.ts";
import { badRecords, oddRecords, randomRecords, record, type Sent } from "./support/odd-records.ts";
import { sendRecords } from "./support/send-records.ts";
import {
  headerOf,
  identityOf,
  MemoryWatch,
  memoryOf,
  type RawRecord,
  readRaw,
  until,
  urlOf,
} from "./support/services-stack.ts";
import { consumer, type StartedServices, startServices } from "./support/started-services.ts";

const mebibyte = 1_024 * 1_024;
const nsPerMs = 1_000_000n;
const hourMs = 3_600_000;

/** Its container may have 384 MiB. */
const mostPeakBytes = 192 * mebibyte;

/** A time range of whole milliseconds around a record's time. */
function rangeAround({ headers, timestampMs }: Sent) {
  const header = headers["timestamp-ns"];
  const ns = header === undefined ? BigInt(timestampMs) * nsPerMs : BigInt(`${header}`);
  const startNs = ns - (ns % nsPerMs);
  return { startNs, endNs: startNs + nsPerMs };
}

/** Any bytes as a string of LogQL. */
function quoted(value: Buffer): string {
  const plain = /[ !#-[\]-~]/;
  const text = [...value.toString("latin1")].map((char) =>
    plain.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${text.join("")}"`;
}

describe("the consumer", () => {
  let services: StartedServices;
  let before: Awaited<ReturnType<typeof identityOf>>;
  let memory: MemoryWatch;
  let beforeBytes: number;
  let records: Sent[];
  let letters: Map<string, RawRecord>;
  let client: LokiClient;

  const at = ({ partition, offset }: Sent) => `${partition}/${offset}`;

  beforeAll(async () => {
    services = await startServices();
    const { stack, kafka, pipeline } = services;
    client = new LokiClient({
      baseUrl: () => urlOf(stack, pipeline.sink.reader),
      signal: () => new AbortController().signal,
      timeoutMs: 30_000,
      retries: 3,
    });
    before = await identityOf(stack, consumer);
    beforeBytes = await memoryOf(stack, consumer);
    memory = new MemoryWatch(stack, consumer);
    const junk = [...badRecords(), ...oddRecords(), ...randomRecords()];
    records = junk.flatMap((sent, index) => [sent, record(`good ${index}`, {}, "loki")]);
    await sendRecords(kafka, pipeline.kafka!.topic, records);
  });

  afterAll(async () => {
    await memory?.stop();
    await services?.remove();
  });

  it("comes to the end of the topic, whatever lies in it", async () => {
    try {
      await until("the group has no lag", async () => (await services.lag()) === 0, 90_000);
    } catch (thrown) {
      const lastWords = await services.stack.instance(consumer).logs(10);
      throw new Error(`the consumer does not come to the end; its last words:\n${lastWords}`, {
        cause: thrown,
      });
    }
  });

  it("lays aside each bad record as it was, with its reason and where it lay", async () => {
    const { kafka, runId, pipeline } = services;
    const { topic, deadLetterTopic } = pipeline.kafka!;
    const read = await readRaw(kafka, deadLetterTopic!, `${runId}-dead-letters`);
    letters = new Map(
      read.map((letter) => [
        `${headerOf(letter, "origin-partition")}/${headerOf(letter, "origin-offset")}`,
        letter,
      ]),
    );
    const wrong: string[] = [];
    for (const sent of records) {
      const letter = letters.get(at(sent));
      const reason = letter && headerOf(letter, "reason");
      const hasFate =
        sent.fate === "loki" ? letter === undefined : !sent.fate || (reason && sent.fate.reason.test(reason));
      if (!hasFate) wrong.push(`${sent.what}: ${reason}, ${letter && headerOf(letter, "detail")}`);
      if (letter === undefined) continue;
      const asItWas = { key: letter.key, value: letter.value, topic: headerOf(letter, "origin-topic") };
      expect(asItWas, sent.what).toEqual({ key: sent.key, value: sent.value, topic });
      expect(reason, sent.what).toMatch(/^[a-z_]+$/);
    }
    expect(wrong).toEqual([]);
  });

  it("has delivered each good line, byte for byte", async () => {
    const nowNs = BigInt(Date.now()) * nsPerMs;
    const range = { startNs: nowNs - BigInt(hourMs) * nsPerMs, endNs: nowNs + BigInt(hourMs) * nsPerMs };
    const lines = new Set<string>();
    await readLoki(client, '{job="services-consumer"}', range, ({ line, timestampNs }) => {
      lines.add(`${timestampNs} ${line}`);
    });
    const good = records.filter(({ fate, headers }) => fate === "loki" && "timestamp-ns" in headers);
    const isText = ({ value }: Sent) => Buffer.from(`${value}`).equals(value!);
    const missing = good.filter(
      (sent) => isText(sent) && !lines.has(`${sent.headers["timestamp-ns"]} ${sent.value}`),
    );
    expect(missing.map(({ what }) => what).slice(0, 10)).toEqual([]);
    expect(good.length).toBeGreaterThan(300);
  });

  it("has lost no record: each is in Loki or among the dead letters", async () => {
    const vanished: string[] = [];
    const large = 10_000;
    for (const sent of records) {
      const wasRead = sent.what.startsWith("good ") || (sent.value?.length ?? 0) > large;
      if (letters.has(at(sent)) || wasRead) continue;
      if (sent.key === null || sent.value === null) {
        vanished.push(`${sent.what} at ${at(sent)}`);
        continue;
      }
      // The key is a label string by then, and a label string is a selector; `|=` compares bytes.
      const query = `${sent.key} |= ${quoted(sent.value)}`;
      if ((await client.count(query, rangeAround(sent))) === 0)
        vanished.push(`${sent.what} at ${at(sent)}: ${query}`);
    }
    expect(vanished).toEqual([]);
  });

  it("is still the same process, and has not grown", async () => {
    const { stack } = services;
    await memory.stop();
    expect(await identityOf(stack, consumer)).toEqual(before);
    const reasons = Object.groupBy([...letters.values()], (letter) => headerOf(letter, "reason")!);
    console.info("consumer", {
      reasons: Object.fromEntries(Object.entries(reasons).map(([reason, found]) => [reason, found!.length])),
      beforeMiB: beforeBytes / mebibyte,
      peakMiB: memory.peakBytes / mebibyte,
      restMiB: (await memoryOf(stack, consumer)) / mebibyte,
    });
    expect(memory.peakBytes).toBeLessThan(mostPeakBytes);
  });
});
