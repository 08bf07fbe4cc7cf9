import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs, { type Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import type { ComposeStack } from "../src/places/compose/compose-stack.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName, removeProject } from "../src/places/compose/project.ts";
import { startCompose } from "../src/places/compose/start-compose.ts";
import { copyPipeline } from "../src/places/compose/start-fixture.ts";
import { kafkaOf } from "../src/places/kafka-of.ts";
import { withAdmin } from "../src/products/kafka/kafka-admin.ts";
import { forgetRun, registerRun } from "../src/store/active-runs.ts";
import { needImages } from "./support/need-images.ts";
import { readRaw, until } from "./support/services-stack.ts";

const requestTimeoutMs = 1_000;
const lateMs = 1.5 * requestTimeoutMs;
/** Where a request names what it is, behind its length. */
const apiKeyOffset = 4;
const produceApiKey = 0;

const pipeline = await loadPipeline("kafka-hardened", "single");
await needImages(pipeline);
const docker = await connectEngine();
const runId = `test-${randomSeed()}`;
const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
const { topic } = pipeline.kafka!;

let stack: ComposeStack;
/** How many of the next answers to produce requests come late: after kafkajs has ceased to wait for them. */
let lateAnswers = 0;

beforeAll(async () => {
  const logsFolder = join(folder, "logs");
  await mkdir(logsFolder);
  // Otherwise `everyline clean` of another process would remove the containers as left by a killed run.
  registerRun(runId, { folder: logsFolder });
  await copyPipeline(pipeline, join(folder, "pipeline"));
  stack = await startCompose(docker, pipeline, {
    runId,
    folder: join(folder, "pipeline"),
    logsFolder,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await until("the topic is there", async () => {
    const topics = await withAdmin(kafkaOf(stack), (admin) => admin.listTopics());
    return topics.includes(topic);
  });
});

afterAll(async () => {
  await removeProject(docker, projectName(runId));
  await rm(folder, { recursive: true, force: true });
  forgetRun(runId);
});

/** A connection to a real broker over a link that holds back what comes from it for a while, and then lets it through in order. */
class LateSocket extends Socket {
  #heldBack: Buffer[] | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    super();
    // Not before: connecting puts Node's own `write` back.
    this.once("connect", () => {
      this.write = (...args: unknown[]) => this.#write(args);
    });
  }

  override emit: Socket["emit"] = (...args: unknown[]) => {
    const [event, bytes] = args;
    if (event !== "data" || this.#heldBack === undefined)
      return Reflect.apply(Socket.prototype.emit, this, args);
    this.#heldBack.push(bytes as Buffer);
    return true;
  };

  #write(args: unknown[]): boolean {
    if (lateAnswers > 0 && (args[0] as Buffer).readInt16BE(apiKeyOffset) === produceApiKey) {
      lateAnswers--;
      this.#heldBack ??= [];
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#letThrough(), lateMs);
    }
    return Reflect.apply(Socket.prototype.write, this, args);
  }

  #letThrough(): void {
    const held = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const bytes of held) this.emit("data", bytes);
  }
}

/** Connects a producer over such links; each of its sends is one record, and has to be acknowledged or to reject. */
async function withProducer(
  idempotent: boolean,
  work: (send: (value: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { services, port } = pipeline.kafka!;
  const producer: Producer = new kafkajs.Kafka({
    brokers: Object.keys(services).map((service) => `${service}:${port}`),
    requestTimeout: requestTimeoutMs,
    logLevel: kafkajs.logLevel.NOTHING,
    socketFactory: ({ host, onConnect }) => {
      const socket = new LateSocket();
      socket.once("connect", onConnect);
      stack
        .instance(host)
        .address()
        .then((published) => socket.connect(published!.port, published!.host));
      return socket;
    },
  }).producer({ idempotent, retry: { retries: 1, initialRetryTime: 100 } });
  try {
    await producer.connect();
    await work(async (value) => {
      const answers = await producer.send({ topic, acks: -1, messages: [{ partition: 0, value }] });
      expect(answers).toEqual([expect.objectContaining({ partition: 0, errorCode: 0 })]);
    });
    expect(lateAnswers).toBe(0);
  } finally {
    await producer.disconnect();
  }
}

/** How often each of some values lies in the topic. */
async function timesStored(values: string[]): Promise<number[]> {
  const records = await readRaw(kafkaOf(stack), topic, `reader-${randomSeed()}`);
  const stored = records.map(({ value }) => value?.toString());
  return values.map((value) => stored.filter((candidate) => candidate === value).length);
}

/** Twice, because a race would not show each time. */
const rounds = [1, 2];

// Its retries take the sequence numbers of a request back that got no answer (`producer/sendMessages.js`), though the broker may have
// stored the batch: https://github.com/tulios/kafkajs/pull/1050 asks whether they should. The next record of the same length is taken
// for a duplicate.
describe("kafkajs 2.2.4, idempotent, where an answer comes after the request has timed out", () => {
  it.each(rounds)(
    "acknowledges two records sent together, stores one twice and the other never (%d)",
    async (round) => {
      const values = [`together-${round}-a`, `together-${round}-b`];
      await withProducer(true, async (send) => {
        await send(`together-${round}-before`);
        lateAnswers = 1;
        await Promise.all(values.map(send));
      });
      expect((await timesStored(values)).sort()).toEqual([0, 2]);
    },
  );

  it.each(rounds)(
    "acknowledges, and never stores, a record that follows one it gave up (%d)",
    async (round) => {
      const values = [`after-${round}-a`, `after-${round}-b`];
      await withProducer(true, async (send) => {
        await send(`after-${round}-before`);
        lateAnswers = 2;
        await expect(send(values[0]!)).rejects.toThrow(/timed out/);
        await send(values[1]!);
      });
      expect(await timesStored(values)).toEqual([1, 0]);
    },
  );
});

it("kafkajs 2.2.4, not idempotent, stores both of two records sent together", async () => {
  const values = ["control-a", "control-b"];
  await withProducer(false, async (send) => {
    await send("control-before");
    lateAnswers = 1;
    await Promise.all(values.map(send));
  });
  for (const times of await timesStored(values)) expect(times).toBeGreaterThan(0);
});
