import { setTimeout as sleep } from "node:timers/promises";
import type { IHeaders, Kafka } from "kafkajs";
import type { ComposeStack } from "../../src/places/compose/compose-stack.ts";
import { recordsIn, topicOffsets } from "../../src/products/kafka/kafka-topic.ts";

const probeMs = 50;
const sampleMs = 100;

/** A record as it lies in Kafka, byte for byte: what `readTopic` gives is text already, and has no key. */
export interface RawRecord {
  partition: number;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

/**
 * Waits until something holds, however slow the machine is.
 *
 * @throws Error with what was waited for and the last failure
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 120_000,
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  let failure: unknown;
  while (Date.now() < deadlineMs) {
    try {
      if (await holds()) return;
      failure = undefined;
    } catch (thrown) {
      failure = thrown;
    }
    await sleep(probeMs);
  }
  throw new Error(`not so within ${timeoutMs / 1_000} s: ${what}`, { cause: failure });
}

/**
 * Reads every record that a topic holds when it is called.
 *
 * @throws Error if an offset is missing
 */
export async function readRaw(kafka: Kafka, topic: string, groupId: string): Promise<RawRecord[]> {
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: sampleMs });
  const records = new Map<string, RawRecord>();
  try {
    await admin.connect();
    const offsets = await topicOffsets(admin, topic);
    const ends = new Map(offsets.map(({ partition, high }) => [partition, high]));
    if (recordsIn(offsets) === 0) return [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        for (const { offset, key, value, headers } of messages) {
          if (BigInt(offset) >= ends.get(partition)!) continue;
          records.set(`${partition}/${offset}`, { partition, offset, key, value, headers: headers ?? {} });
        }
      },
    });
    await until(`all records of ${topic} are read`, () => records.size === recordsIn(offsets));
    return [...records.values()];
  } finally {
    await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
  }
}

/** A header's text; the last where it is there more than once. */
export function headerOf({ headers }: RawRecord, name: string): string | undefined {
  const held = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const value = Array.isArray(held) ? held.at(-1) : held;
  return value === undefined ? undefined : `${value}`;
}

/** Where a service is reached now; undefined while its port is not published. */
export async function urlOf(stack: ComposeStack, service: string): Promise<string | undefined> {
  return (await stack.instance(service).address())?.url;
}

/** What must not change while a service is mistreated: a process that was ended and started again shows here. */
export async function identityOf(stack: ComposeStack, service: string) {
  const { State, RestartCount: restarts } = await stack.instance(service).container.inspect();
  const { Pid: pid, StartedAt: startedAt, OOMKilled: wasOomKilled, Running: isRunning } = State;
  return { pid, startedAt, restarts, wasOomKilled, isRunning };
}

/** What a container's processes hold, in bytes: as `docker stats` counts it, without the cache of files that could go. */
export async function memoryOf(stack: ComposeStack, service: string): Promise<number> {
  const { memory_stats: memory } = await stack
    .instance(service)
    .container.stats({ stream: false, "one-shot": true });
  // A container that does not run has no figures.
  return (memory.usage ?? 0) - (memory.stats?.inactive_file ?? 0);
}

/** Follows what a container holds, until stopped. */
export class MemoryWatch {
  peakBytes = 0;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor(stack: ComposeStack, service: string) {
    this.#watching = this.#watch(stack, service);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(stack: ComposeStack, service: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.peakBytes = Math.max(this.peakBytes, await memoryOf(stack, service));
      await sleep(sampleMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }
}
