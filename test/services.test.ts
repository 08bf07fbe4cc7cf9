import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { IHeaders, Kafka, Message, Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseMetrics, sumOf } from "../src/base/metrics.ts";
import { randomSeed } from "../src/load/seed.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import type { ComposeStack } from "../src/places/compose/compose-stack.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName, removeProject } from "../src/places/compose/project.ts";
import { startCompose } from "../src/places/compose/start-compose.ts";
import { copyPipeline } from "../src/places/compose/start-fixture.ts";
import { kafkaOf } from "../src/places/kafka-of.ts";
import { groupLag, topicOffsets } from "../src/products/kafka/kafka-topic.ts";
import { LokiClient } from "../src/sinks/loki/loki-client.ts";
import { readLoki } from "../src/sinks/loki/loki-reader.ts";
import { forgetRun, registerRun } from "../src/store/active-runs.ts";
import { needImages } from "./support/need-images.ts";
import {
  type Answer,
  entryOf,
  field,
  intField,
  jsonHeaders,
  jsonPush,
  linesOf,
  type PushedLine,
  type PushForm,
  post,
  protobufHeaders,
  protobufPush,
  snappy,
  streamOf,
  timestampOf,
  varint,
} from "./support/services-push.ts";
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

const seed = 20_260_401;
const mebibyte = 1_024 * 1_024;
const nsPerMs = 1_000_000n;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Each container may have 384 MiB. */
const gatewayPeakBytes = 288 * mebibyte;
const gatewayRestBytes = 224 * mebibyte;
const consumerPeakBytes = 192 * mebibyte;

const pipeline = await loadPipeline("kafka-hardened", "single");
await needImages(pipeline);
const docker = await connectEngine();
const runId = `test-${randomSeed()}`;
const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
const { topic, deadLetterTopic, group } = pipeline.kafka!;
const gateway = "push-gateway";
const consumer = "loki-kafka-consumer";

let stack: ComposeStack;
let kafka: Kafka;
let pushUrl: string;

/** A time that no other line of this file has. */
let lastNs = BigInt(Date.now()) * nsPerMs;
const nextNs = () => ++lastNs;

/** Random values that are the same each time. */
const samples = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number): Value[] =>
  fc.sample(arbitrary, { seed, numRuns });
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((drawn) => Buffer.from(drawn));

beforeAll(async () => {
  const logsFolder = join(folder, "logs");
  await mkdir(logsFolder);
  // Or `everyline clean` of a test beside this one takes the containers for what a killed process left.
  registerRun(runId, { folder: logsFolder });
  await copyPipeline(pipeline, join(folder, "pipeline"));
  stack = await startCompose(docker, pipeline, {
    runId,
    folder: join(folder, "pipeline"),
    logsFolder,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await untilAnswers(gateway, "/ready");
  await untilAnswers(consumer, "/ready");
  await untilAnswers(pipeline.sink.reader, "/loki/api/v1/labels");
  pushUrl = `${await urlOf(stack, gateway)}/loki/api/v1/push`;
  kafka = kafkaOf(stack);
});

afterAll(async () => {
  await removeProject(docker, projectName(runId));
  await rm(folder, { recursive: true, force: true });
  forgetRun(runId);
});

function untilAnswers(service: string, path: string): Promise<void> {
  return until(`${service} answers ${path}`, async () => {
    const url = `${await urlOf(stack, service)}${path}`;
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  });
}

/** What the gateway was sent, and what it said. */
const acknowledged: PushedLine[] = [];
const uncertain: PushedLine[] = [];
const statuses: Record<string, number> = {};

/** Pushes, and notes what has to be in Kafka now. A refusal without a reason, or one that is no refusal, is an error. */
async function push(
  headers: Record<string, string>,
  body: Buffer | Readable,
  linesThereof: () => PushedLine[] = () => [],
  agent?: Agent,
): Promise<Answer> {
  const answer = await post(pushUrl, headers, body, agent);
  const { status, text } = answer;
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (status === 204) acknowledged.push(...linesThereof());
  else {
    if (status === 503) uncertain.push(...linesThereof());
    const isRefusal = status >= 400 && status < 500;
    const wrong = (what: string) => new Error(`answered with ${status} ${what}, to ${shown(body)}`);
    if (!isRefusal && status !== 503) throw wrong(`(${text})`);
    if (text.trim() === "") throw wrong("and no reason");
    if ([429, 503].includes(status) && !(Number(answer.headers["retry-after"]) > 0))
      throw wrong("and without Retry-After");
  }
  return answer;
}

function shown(body: Buffer | Readable): string {
  return Buffer.isBuffer(body)
    ? `${body.length} bytes: ${body.subarray(0, 2_000).toString("base64")}`
    : "a stream";
}

let goodPushes = 0;

/** Lines of a few streams, with everything in them that a line may have. */
function goodLines(): PushedLine[] {
  const id = goodPushes++;
  return Array.from({ length: 6 }, (_, index) => ({
    labels: `{job="services", source="app-${(id + index) % 12}"}`,
    timestampNs: nextNs(),
    line: Buffer.from(`good ${id}/${index} "quoted" \\ ünïcödé 日本 \t\0\r\n end`),
  }));
}

/** A push that nothing is wrong with, in the form that a shipper sends. */
async function pushGood(): Promise<Answer> {
  const lines = goodLines();
  // What is no UTF-8 goes through as it is.
  lines[0]!.line = Buffer.concat([lines[0]!.line, Buffer.from([0xff, 0xfe, 0x80, 0])]);
  return await push(protobufHeaders, snappy(protobufPush(lines)), () => lines);
}

/** What is to be refused: a good stream first, of which nothing may be produced, and then something else. */
function afterGood(rest: Buffer): Buffer {
  return snappy(Buffer.concat([protobufPush(goodLines()), rest]));
}

const streamAt = (timestamp: Buffer) => streamOf('{job="services"}', [entryOf(timestamp, "bad")]);
const labelled = (labels: string) => streamOf(labels, [entryOf(timestampOf(nextNs()), "bad")]);
const secondsAndNanos = (seconds: bigint, nanos: bigint) =>
  Buffer.concat([intField(1, seconds), intField(2, nanos)]);
const nowSeconds = BigInt(Math.floor(Date.now() / 1_000));
const jsonWith = (change: { stream?: object; values?: unknown[] }) =>
  JSON.stringify({
    streams: [
      JSON.parse(`${jsonPush(goodLines())}`).streams[0],
      { stream: { job: "services" }, values: [[`${nextNs()}`, "bad"]], ...change },
    ],
  });

interface RefusedCase {
  name: string;
  headers?: Record<string, string>;
  body: () => Buffer | string;
  status: number;
  reason: RegExp;
}

const wholePush = () => snappy(protobufPush(goodLines()));

const protobufCases: RefusedCase[] = [
  ...[
    '{job="x"',
    'job="x"}',
    '{1job="x"}',
    "{}",
    "{job=x}",
    '{job=""}',
    '{job="x",job="y"}',
    '{job="\\q"}',
    "\xff",
  ].map((labels) => ({
    name: `the label string ${JSON.stringify(labels)}`,
    body: () => afterGood(labelled(labels)),
    status: 400,
    reason: /label/,
  })),
  {
    name: "a label string that is no UTF-8",
    body: () => afterGood(field(1, field(1, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])))),
    status: 400,
    reason: /UTF-8/,
  },
  ...(
    [
      ["negative seconds", -1n, 0n],
      ["the least seconds there are", -(2n ** 63n), 0n],
      ["the most seconds there are", 2n ** 63n - 1n, 0n],
      ["negative nanoseconds", nowSeconds, -1n],
      ["more nanoseconds than a second has", nowSeconds, 1_000_000_000n],
      ["a time an hour ahead", nowSeconds + 3_600n, 0n],
    ] as const
  ).map(([name, seconds, nanos]) => ({
    name,
    body: () => afterGood(streamAt(secondsAndNanos(seconds, nanos))),
    status: 400,
    reason: /timestamp/,
  })),
  {
    name: "an entry without a time",
    body: () => afterGood(streamOf('{job="services"}', [field(2, field(2, "bad"))])),
    status: 400,
    reason: /timestamp/,
  },
  {
    name: "snappy of another protobuf message",
    body: () => snappy(Buffer.concat([field(1, "job"), field(2, "services")])),
    status: 400,
    reason: /protobuf/,
  },
  { name: "snappy of text", body: () => snappy(Buffer.from("hello")), status: 400, reason: /protobuf/ },
  { name: "protobuf without snappy", body: () => protobufPush(goodLines()), status: 400, reason: /snappy/ },
  {
    name: "a snappy preamble that claims 4 GiB",
    body: () => Buffer.concat([varint(2 ** 32 - 1), wholePush()]),
    status: 413,
    reason: /at most/,
  },
  {
    name: "a snappy preamble that claims 30 MiB of a few bytes",
    body: () => Buffer.concat([varint(30 * mebibyte), wholePush()]),
    status: 400,
    reason: /claim/,
  },
  {
    name: "a snappy preamble without an end",
    body: () => Buffer.alloc(1_000, 0xff),
    status: 400,
    reason: /snappy/,
  },
  {
    name: "100 MiB in snappy",
    body: () => snappy(Buffer.alloc(100 * mebibyte)),
    status: 413,
    reason: /at most/,
  },
  {
    name: "31 MiB of nothing in snappy",
    body: () => snappy(Buffer.alloc(31 * mebibyte)),
    status: 400,
    reason: /protobuf/,
  },
];

const jsonCases: RefusedCase[] = [
  {
    name: "truncated JSON",
    body: () => jsonPush(goodLines()).subarray(0, -5),
    status: 400,
    reason: /JSON/,
  },
  { name: "JSON nested 100,000 deep", body: () => "[".repeat(100_000), status: 400, reason: /deep/ },
  { name: "JSON that is no object", body: () => "[]", status: 400, reason: /object/ },
  {
    name: "JSON without streams",
    body: () => '{"__proto__":{"streams":[]}}',
    status: 400,
    reason: /streams/,
  },
  {
    name: "JSON that is no UTF-8",
    body: () => Buffer.from([0x7b, 0xff, 0x7d]),
    status: 400,
    reason: /UTF-8/,
  },
  {
    name: "a label that is no string",
    body: () => jsonWith({ stream: { job: 1 } }),
    status: 400,
    reason: /string/,
  },
  { name: "labels that are none", body: () => jsonWith({ stream: {} }), status: 400, reason: /label/ },
  {
    name: "a label named as none may be",
    body: () => jsonWith({ stream: { "a-b": "c" } }),
    status: 400,
    reason: /label/,
  },
  ...[
    Date.now(),
    "soon",
    "-5",
    "1e18",
    "",
    "99999999999999999999",
    `${nowSeconds + 3_600n}000000000`,
    null,
  ].map((timestamp) => ({
    name: `the timestamp ${JSON.stringify(timestamp)}`,
    body: () => jsonWith({ values: [[timestamp, "bad"]] }),
    status: 400,
    reason: /timestamp/,
  })),
  {
    name: "a line that is no string",
    body: () => jsonWith({ values: [[`${nextNs()}`, 7]] }),
    status: 400,
    reason: /line/,
  },
  {
    name: "structured metadata that is no object",
    body: () => jsonWith({ values: [[`${nextNs()}`, "bad", ["x"]]] }),
    status: 400,
    reason: /metadata/,
  },
];

const gzipHeaders = { ...jsonHeaders, "content-encoding": "gzip" };

const formCases: RefusedCase[] = [
  ...["text/plain", "multipart/form-data", "__proto__", ""].map((type) => ({
    name: `the content type ${JSON.stringify(type)}`,
    headers: { "content-type": type },
    body: wholePush,
    status: 415,
    reason: /expected|unsupported/i,
  })),
  ...["br", "deflate", "constructor", "gzip, gzip"].map((encoding) => ({
    name: `JSON in the encoding ${JSON.stringify(encoding)}`,
    headers: { ...jsonHeaders, "content-encoding": encoding },
    body: () => jsonPush(goodLines()),
    status: 415,
    reason: /encoding/,
  })),
  {
    name: "a gzip bomb of 1 GiB",
    headers: gzipHeaders,
    body: () => gzipBomb,
    status: 413,
    reason: /at most/,
  },
  {
    name: "31 MiB of brackets in gzip",
    headers: gzipHeaders,
    body: () => gzipSync(Buffer.alloc(31 * mebibyte, "[],")),
    status: 400,
    reason: /brackets/,
  },
  {
    name: "truncated gzip",
    headers: gzipHeaders,
    body: () => gzipSync(jsonPush(goodLines())).subarray(0, -9),
    status: 400,
    reason: /gzip/,
  },
  {
    name: "gzip within gzip",
    headers: gzipHeaders,
    body: () => gzipSync(gzipSync(jsonPush(goodLines()))),
    status: 400,
    reason: /JSON/,
  },
  {
    name: "a tenant that no header may hold",
    headers: { ...jsonHeaders, "x-scope-orgid": "x".repeat(1_000) },
    body: () => jsonPush(goodLines()),
    status: 400,
    reason: /X-Scope-OrgID/,
  },
];

const gzipBomb = Buffer.concat(Array(16).fill(gzipSync(Buffer.alloc(64 * mebibyte), { level: 1 })));
const manyLabels = Array.from({ length: 100_000 }, (_, index) => [`l${index}`, "v"] as const);

const bombCases: RefusedCase[] = [
  {
    name: "100,000 labels in one stream",
    body: () => afterGood(labelled(`{${manyLabels.map(([name, value]) => `${name}="${value}"`).join(",")}}`)),
    status: 400,
    reason: /labels/,
  },
  {
    name: "100,000 labels in one stream, in JSON",
    headers: jsonHeaders,
    body: () => jsonWith({ stream: Object.fromEntries(manyLabels) }),
    status: 400,
    reason: /pairs|labels/,
  },
  {
    name: "100,000 streams",
    body: () =>
      snappy(
        protobufPush(
          manyLabels.map(([name]) => ({
            labels: `{job="${name}"}`,
            timestampNs: nextNs(),
            line: Buffer.from("bad"),
          })),
        ),
      ),
    status: 400,
    reason: /streams/,
  },
  {
    name: "100,000 streams, in JSON",
    headers: jsonHeaders,
    body: () =>
      JSON.stringify({
        streams: manyLabels.map(([job]) => ({ stream: { job }, values: [] })),
      }),
    status: 400,
    reason: /streams|brackets/,
  },
  {
    name: "a label value of 10 MB",
    body: () => afterGood(labelled(`{job="${"v".repeat(10_000_000)}"}`)),
    status: 400,
    reason: /labels/,
  },
  {
    name: "a label value of 10 MB, in JSON",
    headers: jsonHeaders,
    body: () => jsonWith({ stream: { job: "v".repeat(10_000_000) } }),
    status: 413,
    reason: /at most/,
  },
  {
    name: "a line of 1 MB",
    body: () =>
      afterGood(streamOf('{job="services"}', [entryOf(timestampOf(nextNs()), "x".repeat(1_000_000))])),
    status: 400,
    reason: /lines/,
  },
  {
    name: "millions of entries without anything",
    body: () => snappy(streamOf('{job="services"}', [Buffer.alloc(8 * mebibyte, Buffer.from([0x12, 0]))])),
    status: 400,
    reason: /timestamp/,
  },
  {
    name: "millions of entries without a line",
    body: () =>
      snappy(streamOf('{job="services"}', [Buffer.alloc(16 * mebibyte, Buffer.from([0x12, 2, 10, 0]))])),
    status: 400,
    reason: /lines/,
  },
  {
    name: "millions of streams without anything",
    body: () => snappy(Buffer.alloc(8 * mebibyte, Buffer.from([10, 0]))),
    status: 400,
    reason: /labels/,
  },
  {
    name: "millions of fields that nobody knows",
    body: () => snappy(Buffer.alloc(8 * mebibyte, Buffer.from([0x1a, 0]))),
    status: 400,
    reason: /fields/,
  },
  {
    name: "100,000 pairs of structured metadata on a line",
    body: () => {
      const pairs = Buffer.alloc(600_000, field(3, Buffer.concat([field(1, "a"), field(2, "")])));
      const entry = field(2, Buffer.concat([field(1, timestampOf(nextNs())), pairs]));
      return afterGood(streamOf('{job="services"}', [entry]));
    },
    status: 400,
    reason: /metadata|protobuf/,
  },
];

describe("the push gateway", () => {
  let before: Awaited<ReturnType<typeof identityOf>>;
  let memory: MemoryWatch;

  beforeAll(async () => {
    before = await identityOf(stack, gateway);
    memory = new MemoryWatch(stack, gateway);
    for (let count = 0; count < 12; count++) expect((await pushGood()).status).toBe(204);
  });

  afterAll(() => memory?.stop());

  describe("refuses, and says why,", () => {
    it.each([
      ...protobufCases.map((one) => ({ headers: protobufHeaders, ...one })),
      ...jsonCases.map((one) => ({ headers: jsonHeaders, ...one })),
      ...[...formCases, ...bombCases].map((one) => ({ headers: protobufHeaders, ...one })),
    ])("$name", async ({ headers, body, status, reason }) => {
      const answer = await push(headers, Buffer.from(body() as string));
      expect({ status: answer.status, text: answer.text }).toEqual({
        status,
        text: expect.stringMatching(reason),
      });
    });

    it("snappy that was cut off anywhere", async () => {
      const whole = wholePush();
      for (const cut of samples(fc.integer({ min: 1, max: whole.length - 1 }), 60)) {
        const { status, text } = await push(protobufHeaders, whole.subarray(0, cut));
        expect({ cut, status, text }).toEqual({ cut, status: 400, text: expect.stringMatching(/snappy/) });
      }
    });

    it("random bytes, in every form, unless they happen to be a push without lines", async () => {
      for (const body of samples(bytes(16, 4_000), 60)) {
        for (const [headers, sent, isPush] of [
          [protobufHeaders, body, false],
          // Fields that nobody knows are skipped, as protobuf wants it.
          [protobufHeaders, snappy(body), true],
          [jsonHeaders, body, false],
          [gzipHeaders, body, false],
          [gzipHeaders, gzipSync(body), false],
        ] as const) {
          const { status, text } = await push(headers, sent);
          const what = `${status} ${text} of ${body.toString("hex")}`;
          if (status === 204 && isPush) expect(linesOf(sent, "protobuf"), what).toEqual([]);
          else expect([400, 413], what).toContain(status);
        }
      }
    });

    it("bodies of 100 MB, announced or in chunks, several at once, also where the client sends on", async () => {
      const chunk = Buffer.alloc(100_000, "x");
      const body = () => Readable.from(Array.from({ length: 1_000 }, () => chunk));
      const announced = { ...jsonHeaders, "content-length": "100000000" };
      const sendingOn = new Agent({ keepAlive: true });
      try {
        const clients = [announced, jsonHeaders, protobufHeaders].flatMap((headers) => [
          push(headers, body()),
          push(headers, body(), undefined, sendingOn),
        ]);
        expect((await pushGood()).status).toBe(204);
        const answers = await Promise.all(clients);
        // What comes in chunks is counted as it comes, and may find that others have filled the queue.
        for (const { status, text } of answers) expect([413, 429], text).toContain(status);
        expect(answers[0]!.status).toBe(413);
      } finally {
        sendingOn.destroy();
      }
    });
  });

  it("answers others while clients hang, and cuts off those that hang", async () => {
    const head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: gateway\r\n";
    const neverEndingHeaders = Array.from({ length: 20 }, () => dribble(head, "x: y\r\n"));
    const slowBodies = Array.from({ length: 20 }, () =>
      dribble(`${head}Content-Type: application/json\r\nContent-Length: 8000000\r\n\r\n`, "["),
    );
    const clients = [...neverEndingHeaders, ...slowBodies];
    try {
      await Promise.all(clients.map(({ isConnected }) => isConnected));
      for (let count = 0; count < 20; count++) expect((await pushGood()).status).toBe(204);
      expect(
        clients.filter(({ hasEnded }) => hasEnded()).length,
        "cut off before the others were answered",
      ).toBe(0);
      const queued = sumOf(parseMetrics(await metricsOf()), "push_gateway_queued_bytes");
      expect(queued, "bytes that the queue counts for the slow").toBeLessThan(mebibyte);
      await until("every slow client is cut off", () => clients.every(({ hasEnded }) => hasEnded()), 45_000);
      expect(new Set(clients.map(({ answer }) => answer().split("\r\n")[0]))).toEqual(
        new Set(["HTTP/1.1 408 Request Timeout"]),
      );
    } finally {
      for (const { socket } of clients) socket.destroy();
    }
  });

  it("answers every damaged push with 204 or with what is wrong", async () => {
    const damage = fc.array(
      fc.record({
        kind: fc.constantFrom("flip", "cut", "insert", "duplicate"),
        at: fc.nat(1_000_000),
        length: fc.integer({ min: 1, max: 40 }),
        bytes: bytes(1, 8),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const form = fc.constantFrom("protobuf", "compressed protobuf", "json");
    await fc.assert(
      fc.asyncProperty(form, damage, async (form, damages) => {
        const lines = goodLines();
        const hurt = (body: Buffer) => damages.reduce(damaged, body);
        const [headers, body, read]: [Record<string, string>, Buffer, PushForm] =
          form === "json"
            ? [jsonHeaders, hurt(jsonPush(lines)), "json"]
            : form === "protobuf"
              ? [protobufHeaders, snappy(hurt(protobufPush(lines))), "protobuf"]
              : [protobufHeaders, hurt(snappy(protobufPush(lines))), "protobuf"];
        await push(headers, body, () => linesOf(body, read));
      }),
      { seed, numRuns: 400 },
    );
  });

  it("has produced every line it acknowledged, byte for byte, and none it refused", async () => {
    expect((await pushGood()).status).toBe(204);
    const held = Map.groupBy(await readRaw(kafka, topic, `${runId}-gateway`), (record) =>
      identity(BigInt(headerOf(record, "timestamp-ns")!), record.value!),
    );
    const sure = Map.groupBy(acknowledged, ({ timestampNs, line }) => identity(timestampNs, line));
    const possible = Map.groupBy(uncertain, ({ timestampNs, line }) => identity(timestampNs, line));
    const missing = [...sure].filter(([id, lines]) => (held.get(id)?.length ?? 0) < lines.length);
    const surplus = [...held].filter(
      ([id, records]) => records.length > (sure.get(id)?.length ?? 0) + (possible.get(id)?.length ?? 0),
    );
    const otherKey = acknowledged.filter(
      ({ labels, timestampNs, line }) =>
        labels !== undefined &&
        !held.get(identity(timestampNs, line))?.some(({ key }) => `${key}` === labels),
    );
    expect(missing.map(([id]) => id).slice(0, 5), "acknowledged, but not in Kafka").toEqual([]);
    expect(surplus.map(([id]) => id).slice(0, 5), "in Kafka, but not acknowledged").toEqual([]);
    expect(otherKey.slice(0, 5), "in Kafka with another key").toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(300);
  });

  it("is still the same process, and has not grown", async () => {
    await memory.stop();
    expect(await identityOf(stack, gateway)).toEqual(before);
    expect(memory.peakBytes).toBeLessThan(gatewayPeakBytes);
    const restBytes = await memoryOf(stack, gateway);
    console.info("gateway", {
      statuses,
      peakMiB: memory.peakBytes / mebibyte,
      restMiB: restBytes / mebibyte,
    });
    expect(restBytes).toBeLessThan(gatewayRestBytes);
    expect(sumOf(parseMetrics(await metricsOf()), "push_gateway_queued_bytes")).toBe(0);
  });
});

function identity(timestampNs: bigint, line: Buffer): string {
  return `${timestampNs} ${line.toString("latin1")}`;
}

async function metricsOf(): Promise<string> {
  return await (await fetch(`${await urlOf(stack, gateway)}/metrics`)).text();
}

interface Damage {
  kind: string;
  at: number;
  length: number;
  bytes: Buffer;
}

function damaged(body: Buffer, { kind, at, length, bytes }: Damage): Buffer {
  const start = at % (body.length + 1);
  const [before, after] = [body.subarray(0, start), body.subarray(start)];
  const piece = after.subarray(0, length);
  if (kind === "cut") return Buffer.concat([before, after.subarray(length)]);
  if (kind === "insert") return Buffer.concat([before, bytes, after]);
  if (kind === "duplicate") return Buffer.concat([before, piece, after]);
  const flipped = Buffer.from(after);
  if (flipped.length > 0) flipped[0]! ^= 1 << (length % 8);
  return Buffer.concat([before, flipped]);
}

/** A client that says something every second, for ever. */
function dribble(first: string, again: string) {
  const socket: Socket = connect(Number(new URL(pushUrl).port), "127.0.0.1");
  const { promise: isConnected, resolve } = Promise.withResolvers<void>();
  let answer = "";
  let hasEnded = false;
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.write(first, () => resolve());
  const timer = setInterval(() => socket.write(again), 1_000);
  const end = () => {
    clearInterval(timer);
    hasEnded = true;
    resolve();
  };
  socket.once("end", end).once("close", end);
  return { socket, isConnected, answer: () => answer, hasEnded: () => hasEnded };
}

/** A record for the topic, what should become of it, and where it came to lie. */
interface Sent {
  what: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
  timestampMs: number;
  /** A reason among the dead letters, or Loki; undefined where either will do. */
  fate: { reason: RegExp } | "loki" | undefined;
  partition: number;
  offset: string;
}

const goodKey = '{job="services-consumer", source="app-1"}';
/** What every object inherits: as names of headers they are what a careless reader trips over. */
const inheritedNames = ["__proto__", "constructor", "toString", "hasOwnProperty"];

function record(what: string, change: Partial<Sent>, fate?: Sent["fate"]): Sent {
  const headers = { "timestamp-ns": `${nextNs()}` };
  const plain = { key: Buffer.from(goodKey), value: Buffer.from(what), headers, timestampMs: Date.now() };
  return { what, ...plain, fate, partition: -1, offset: "", ...change };
}

const timed = (timestampNs: string, more: IHeaders = {}) => ({
  headers: { "timestamp-ns": timestampNs, ...more },
});
const keyed = (key: string | Buffer) => ({ key: Buffer.from(key as string) });
const keyOf = (labels: [string, string][]) =>
  keyed(`{${labels.map(([name, value]) => `${name}="${value}"`).join(", ")}}`);
const nsAt = (ms: number) => `${BigInt(ms) * nsPerMs}`;
const refusedFor = (reason: string) => ({ reason: new RegExp(`^(?:${reason})$`) });

/** Records that must not be delivered. */
function badRecords(): Sent[] {
  const bad = (what: string, reason: string, change: Partial<Sent>) =>
    record(what, change, refusedFor(reason));
  return [
    bad("no key", "missing_key", { key: null }),
    bad("no value", "tombstone", { value: null }),
    bad("neither", "tombstone|missing_key", { key: null, value: null, headers: {} }),
    bad("an empty key", "invalid_labels", keyed("")),
    bad("a key that is no UTF-8", "invalid_labels", keyed(Buffer.from([0x7b, 0xff, 0x7d]))),
    bad("a key that is no label string", "invalid_labels", keyed("app-1")),
    bad("a key with too many labels", "max_label_names_per_series", keyOf(labelPairs(30))),
    bad("a key with 10,000 labels", "max_label_names_per_series", keyOf(labelPairs(10_000))),
    bad("a long label value", "label_value_too_long", keyOf([["job", "v".repeat(10_000)]])),
    bad("a long label name", "label_name_too_long", keyOf([["j".repeat(5_000), "v"]])),
    bad(
      "a label twice",
      "duplicate_label_names|invalid_labels",
      keyOf([
        ["job", "v"],
        ["job", "w"],
      ]),
    ),
    bad("300 kB", "line_too_long", { value: Buffer.alloc(300_000, "x") }),
    bad("800 kB", "line_too_long", { value: Buffer.from(samples(bytes(800_000, 800_000), 1)[0]!) }),
    bad("8 days old", "greater_than_max_sample_age", timed(nsAt(Date.now() - 8 * dayMs))),
    bad("an hour ahead", "too_far_in_future", timed(nsAt(Date.now() + hourMs))),
    ...["soon", "-1", "1e18", "", " 1", "9".repeat(19), "9".repeat(40)].map((timestamp) =>
      bad(`timestamp-ns ${JSON.stringify(timestamp)}`, "invalid_timestamp", timed(timestamp)),
    ),
    ...["no JSON", "[1]", '{"a":1}', "null", ""].map((metadata) =>
      bad(
        `structured-metadata ${JSON.stringify(metadata)}`,
        "invalid_structured_metadata",
        timed(`${nextNs()}`, { "structured-metadata": metadata }),
      ),
    ),
    bad("a tenant that Loki takes for a path", "invalid_tenant", timed(`${nextNs()}`, { tenant: "../x" })),
    bad("headers that a dead letter gets", "invalid_labels", {
      ...keyed("x"),
      ...timed(`${nextNs()}`, { reason: "mine", "origin-offset": "7", "origin-partition": "99" }),
    }),
    ...inheritedNames.map((name) =>
      bad(`a bad record with the header ${name}`, "invalid_labels", {
        ...keyed("x"),
        ...timed(`${nextNs()}`, { [name]: "hostile" }),
      }),
    ),
  ];
}

function labelPairs(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`label_${index}`, "v"]);
}

const manyHeaders = Array.from({ length: 1_000 }, (_, index) => [`header-${index}`, "v"]);

/** Records that must be delivered, though they look odd. */
function oddRecords(): Sent[] {
  const good = (what: string, change: Partial<Sent>) => record(what, change, "loki");
  return [
    good("no UTF-8", { value: Buffer.from([0x6e, 0xff, 0xfe, 0xc3, 0x28, 0x80, 0x6f]) }),
    good("quotes", { value: Buffer.from('"{\\"a\\":1}\\n" \\x00 `\t\0 日本\u2028 end') }),
    good("200 kB", { value: Buffer.from("y".repeat(200_000)) }),
    good("the record's own time", { headers: {} }),
    good("1,000 headers", timed(`${nextNs()}`, Object.fromEntries(manyHeaders))),
    ...inheritedNames.map((name) =>
      good(`a good record with the header ${name}`, timed(`${nextNs()}`, { [name]: "harmless" })),
    ),
  ];
}

/** Records of random bytes, and some that are nearly right: what becomes of those is Loki's decision. */
function randomRecords(): Sent[] {
  const nearKey = fc
    .record({
      kind: fc.constantFrom("flip", "cut", "insert", "duplicate"),
      at: fc.nat(1_000),
      length: fc.integer({ min: 1, max: 8 }),
      bytes: bytes(1, 3),
    })
    .map((damage) => damaged(Buffer.from('{job="services-random", source="app-1"}'), damage));
  const header = fc.record({
    name: fc.constantFrom("timestamp-ns", "structured-metadata", "tenant", "reason", "x", ""),
    value: fc.oneof(
      bytes(0, 40),
      fc.constantFrom(...['{"a":"b"}', "7", nsAt(Date.now())].map((text) => Buffer.from(text))),
    ),
  });
  const drawn = fc.record({
    key: fc.oneof(fc.constant(null), bytes(0, 60), nearKey, nearKey),
    value: fc.option(bytes(0, 200), { freq: 9 }),
    headers: fc.array(header, { maxLength: 3 }),
  });
  return samples(drawn, 300).map(({ key, value, headers }, index) =>
    record(`random ${index}`, {
      key,
      value: value && Buffer.concat([Buffer.from(`random ${index} `), value]),
      headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    }),
  );
}

const maxBatchBytes = 300_000;
const maxBatchRecords = 25;

const asTold = ({ message }: { message: Message }) => message.partition!;

/** Sends records one partition a send, and notes where they came to lie. */
async function sendAll(producer: Producer, records: Sent[], partitions: number): Promise<void> {
  for (const [index, sent] of records.entries()) sent.partition = index % partitions;
  for (const [partition, share] of Map.groupBy(records, ({ partition }) => partition)) {
    for (const batch of batchesOf(share)) {
      const messages = batch.map(
        ({ key, value, headers, timestampMs }): Message => ({
          key,
          value,
          headers,
          partition,
          timestamp: `${timestampMs}`,
        }),
      );
      const [answer] = await producer.send({ topic, messages, acks: -1 });
      for (const [index, sent] of batch.entries())
        sent.offset = `${BigInt(answer!.baseOffset!) + BigInt(index)}`;
    }
  }
}

function batchesOf(records: Sent[]): Sent[][] {
  const batches: Sent[][] = [];
  let left = 0;
  for (const sent of records) {
    const size = (sent.value?.length ?? 0) + (sent.key?.length ?? 0);
    if (size > left || batches.length === 0 || batches.at(-1)!.length >= maxBatchRecords) {
      batches.push([]);
      left = maxBatchBytes;
    }
    batches.at(-1)!.push(sent);
    left -= size;
  }
  return batches;
}

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
  let before: Awaited<ReturnType<typeof identityOf>>;
  let memory: MemoryWatch;
  let beforeBytes: number;
  let records: Sent[];
  let letters: Map<string, RawRecord>;
  let client: LokiClient;

  const at = ({ partition, offset }: Sent) => `${partition}/${offset}`;
  const lag = async () => {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await groupLag(admin, group, topic);
    } finally {
      await admin.disconnect();
    }
  };

  beforeAll(async () => {
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
    const admin = kafka.admin();
    await admin.connect();
    const partitions = (await topicOffsets(admin, topic)).length;
    await admin.disconnect();
    const producer = kafka.producer({ createPartitioner: () => asTold });
    await producer.connect();
    try {
      await sendAll(producer, records, partitions);
    } finally {
      await producer.disconnect();
    }
  });

  afterAll(() => memory?.stop());

  it("comes to the end of the topic, whatever lies in it", async () => {
    try {
      await until("the group has no lag", async () => (await lag()) === 0, 90_000);
    } catch (thrown) {
      const lastWords = await stack.instance(consumer).logs(10);
      throw new Error(`the consumer does not come to the end; its last words:\n${lastWords}`, {
        cause: thrown,
      });
    }
  });

  it("lays aside each bad record as it was, with its reason and where it lay", async () => {
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

  it("has let no record vanish: each is in Loki or among the dead letters", async () => {
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
    await memory.stop();
    expect(await identityOf(stack, consumer)).toEqual(before);
    const reasons = Object.groupBy([...letters.values()], (letter) => headerOf(letter, "reason")!);
    console.info("consumer", {
      reasons: Object.fromEntries(Object.entries(reasons).map(([reason, found]) => [reason, found!.length])),
      beforeMiB: beforeBytes / mebibyte,
      peakMiB: memory.peakBytes / mebibyte,
      restMiB: (await memoryOf(stack, consumer)) / mebibyte,
    });
    expect(memory.peakBytes).toBeLessThan(consumerPeakBytes);
  });
});
