import { type Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { compressSync, uncompressSync } from "snappy";

/** One line of a push, as its writer knows it. */
export interface PushedLine {
  /** The label string; as sent, or undefined where only a full parser of Go's strings could tell the canonical form. */
  labels: string | undefined;
  timestampNs: bigint;
  line: Buffer;
}

/** The two forms of a push. */
export type PushForm = "protobuf" | "json";

const nsPerSecond = 1_000_000_000n;
const varintType = 0;
const delimitedType = 2;
const postTimeoutMs = 60_000;

/** An integer in protobuf's encoding; negative ones take ten bytes. */
export function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

/** A protobuf field of bytes, or of a message. */
export function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint((number << 3) | delimitedType), varint(bytes.length), bytes]);
}

/** A protobuf field with an integer. */
export function intField(number: number, value: bigint | number): Buffer {
  return Buffer.concat([varint((number << 3) | varintType), varint(value)]);
}

/** A stream of logproto's PushRequest. */
export function streamOf(labels: string, entries: Buffer[]): Buffer {
  return field(1, Buffer.concat([field(1, labels), ...entries]));
}

/** An entry of a stream; its timestamp is given as bytes, so that it can be invalid. */
export function entryOf(timestamp: Buffer, line: string | Buffer): Buffer {
  return field(2, Buffer.concat([field(1, timestamp), field(2, line)]));
}

/** A timestamp as logproto writes it. */
export function timestampOf(ns: bigint): Buffer {
  return Buffer.concat([intField(1, ns / nsPerSecond), intField(2, ns % nsPerSecond)]);
}

/** Lines as a PushRequest, not yet compressed. */
export function protobufPush(lines: PushedLine[]): Buffer {
  const streams = Map.groupBy(lines, ({ labels }) => labels!);
  const entries = ({ timestampNs, line }: PushedLine) => entryOf(timestampOf(timestampNs), line);
  return Buffer.concat([...streams].map(([labels, group]) => streamOf(labels, group.map(entries))));
}

/** Lines as the JSON form of a push; of the labels only `NAME="VALUE"` without escapes are understood. */
export function jsonPush(lines: PushedLine[]): Buffer {
  const streams = [...Map.groupBy(lines, ({ labels }) => labels!)].map(([labels, group]) => ({
    stream: Object.fromEntries(pairsOf(labels)!),
    values: group.map(({ timestampNs, line }) => [`${timestampNs}`, line.toString()]),
  }));
  return Buffer.from(JSON.stringify({ streams }));
}

/**
 * The lines of a valid push: a parser of the format that shares no code with the service's.
 *
 * @throws Error if it is not a push
 */
export function linesOf(body: Buffer, form: PushForm): PushedLine[] {
  if (body.length === 0) return [];
  return form === "json" ? jsonLines(body) : protobufLines(uncompressSync(body) as Buffer);
}

function jsonLines(body: Buffer): PushedLine[] {
  const { streams } = JSON.parse(`${body}`) as {
    streams: { stream: Record<string, string>; values: [string, string][] }[];
  };
  return streams.flatMap(({ stream, values }) =>
    values.map(([timestamp, line]) => ({
      labels: canonical(Object.entries(stream)),
      timestampNs: BigInt(timestamp),
      line: Buffer.from(line),
    })),
  );
}

function protobufLines(message: Buffer): PushedLine[] {
  const lines: PushedLine[] = [];
  for (const [number, stream] of fieldsOf(message)) {
    if (number !== 1) continue;
    const fields = [...fieldsOf(stream as Buffer)];
    const labels = canonical(pairsOf(`${last(fields, 1)}`));
    for (const [name, entry] of fields) {
      if (name !== 2) continue;
      const parts = [...fieldsOf(entry as Buffer)];
      const timestamp = [...fieldsOf(last(parts, 1) as Buffer)];
      const seconds = BigInt.asIntN(64, (last(timestamp, 1) ?? 0n) as bigint);
      const nanos = BigInt.asIntN(32, (last(timestamp, 2) ?? 0n) as bigint);
      const line = (last(parts, 2) ?? Buffer.alloc(0)) as Buffer;
      lines.push({ labels, timestampNs: seconds * nsPerSecond + nanos, line });
    }
  }
  return lines;
}

type Field = [number: number, value: bigint | Buffer];

function last(fields: Field[], number: number): bigint | Buffer | undefined {
  return fields.findLast(([name]) => name === number)?.[1];
}

function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const readVarint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(BigInt.asUintN(32, readVarint()));
    const number = tag >>> 3;
    if ((tag & 7) === varintType) yield [number, readVarint()];
    else {
      const fixed = { 1: 8, 5: 4 }[tag & 7];
      const start = fixed === undefined ? Number(readVarint()) : fixed;
      at += start;
      yield [number, message.subarray(at - start, at)];
    }
  }
}

const plainText = /^[ -!#-[\]-~]*$/;

/** The labels of a string without escapes; undefined for any other string. */
function pairsOf(labels: string): [string, string][] | undefined {
  const pairs = [...labels.matchAll(/([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"([^"\\]*)"/g)];
  const rest = labels.replaceAll(/[A-Za-z_][A-Za-z0-9_]*\s*=\s*"[^"\\]*"/g, "");
  return /^[{}, ]*$/.test(rest) ? pairs.map(([, name, value]) => [name!, value!]) : undefined;
}

function canonical(pairs: [string, string][] | undefined): string | undefined {
  if (pairs === undefined || !pairs.every(([, value]) => plainText.test(value))) return undefined;
  const filled = pairs.filter(([, value]) => value !== "").sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${filled.map(([name, value]) => `${name}="${value}"`).join(", ")}}`;
}

/** An answer of an HTTP server. */
export interface Answer {
  status: number;
  text: string;
  headers: IncomingHttpHeaders;
}

export const protobufHeaders = { "content-type": "application/x-protobuf" };
export const jsonHeaders = { "content-type": "application/json" };

/**
 * Posts a body over a connection of its own. A server may answer before it has read everything, and cut the connection then: what
 * counts is whether an answer came.
 *
 * @param body a stream is sent in chunks unless the headers announce its length
 * @param agent one that keeps connections makes a client that sends on though it was answered, until the server ends it
 * @throws Error if the connection ends without an answer, or none comes in time
 */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer | Readable,
  agent: Agent | false = false,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const signal = AbortSignal.timeout(postTimeoutMs);
  const request = httpRequest(url, { method: "POST", headers, agent, signal });
  let answer: Answer | undefined;
  request.on("error", (error) => {
    if (answer === undefined) reject(error);
  });
  request.on("close", () => {
    if (answer === undefined) reject(new Error("the connection ended without an answer"));
    else resolve(answer);
  });
  request.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.once("error", reject);
    response.once("end", () => {
      answer = { status: response.statusCode!, text: `${Buffer.concat(chunks)}`, headers: response.headers };
    });
  });
  if (Buffer.isBuffer(body)) request.end(body);
  else body.pipe(request);
  return promise;
}

/** Compresses as Promtail does. */
export function snappy(body: Buffer): Buffer {
  return compressSync(body) as Buffer;
}
