import { gzipSync } from "node:zlib";
import { afterGood, goodLines, nextNs, wholePush } from "./good-lines.ts";
import {
  entryOf,
  field,
  intField,
  jsonHeaders,
  jsonPush,
  protobufHeaders,
  protobufPush,
  snappy,
  streamOf,
  timestampOf,
  varint,
} from "./services-push.ts";

const mebibyte = 1_024 * 1_024;

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

/** A push that the gateway has to refuse. */
interface RefusedPush {
  name: string;
  headers?: Record<string, string>;
  body: () => Buffer | string;
  status: number;
  reason: RegExp;
}

const protobufCases: RefusedPush[] = [
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

const jsonCases: RefusedPush[] = [
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

export const gzipHeaders = { ...jsonHeaders, "content-encoding": "gzip" };

const formCases: RefusedPush[] = [
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

const bombCases: RefusedPush[] = [
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

/** Pushes that the gateway has to refuse, each for one reason. */
export const refusedPushes: (RefusedPush & { headers: Record<string, string> })[] = [
  ...protobufCases.map((one) => ({ headers: protobufHeaders, ...one })),
  ...jsonCases.map((one) => ({ headers: jsonHeaders, ...one })),
  ...[...formCases, ...bombCases].map((one) => ({ headers: protobufHeaders, ...one })),
];
