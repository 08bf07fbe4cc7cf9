import { isUtf8 } from "node:buffer";
import { goText } from "../../base/go-text.ts";
import { ProtobufFields } from "../../base/protobuf-fields.ts";
import type { Labels } from "../sink.ts";
import { labelsIn } from "./label-text.ts";
import { type AnsweredStream, type Entry, RawEntry } from "./loki-entry.ts";

/** The media type of Loki's answers in protobuf. Loki gives them only if it is asked for nothing else. */
export const protobufType = "application/vnd.google.protobuf";

/** The numbers of fields in Loki's `queryrange.proto`, `logproto.proto` and `push.proto`, the same in 3.6.4 and 3.7.6. */
const answerFields = { streams: 6 };
const streamsFields = { status: 1, data: 2, warnings: 10 };
const dataFields = { resultType: 1, streams: 2 };
const streamFields = { labels: 1, entries: 2 };
const entryFields = { time: 1, line: 2 };
const timeFields = { seconds: 1, nanoseconds: 2 };

const nanosPerSecond = 1_000_000_000n;

/** Where a part of the answer is. */
type Part = [start: number, end: number];

/**
 * The streams in Loki's answer to a log query, as protobuf. It takes about a tenth of the time of the same answer in JSON.
 *
 * @returns undefined if it is anything but a successful answer without warnings, whose form is wholly known; then JSON tells what it is
 */
export function streamsInProtobuf(bytes: Buffer): AnsweredStream[] | undefined {
  try {
    return new ProtobufAnswer(bytes).streams();
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

class ProtobufAnswer {
  readonly #bytes: Buffer;
  readonly #outer: ProtobufFields;
  readonly #entry: ProtobufFields;
  readonly #time: ProtobufFields;
  /** The last second, because many lines have it. */
  #seconds = -1;
  #secondsNs = 0n;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#outer = new ProtobufFields(bytes);
    this.#entry = new ProtobufFields(bytes);
    this.#time = new ProtobufFields(bytes);
  }

  /** @throws RangeError if it is no answer of the known form */
  streams(): AnsweredStream[] | undefined {
    const [answer, ...others] = this.#parts([0, this.#bytes.length], answerFields.streams);
    if (answer === undefined || others.length > 0) return undefined;
    const [status] = this.#parts(answer, streamsFields.status);
    const [data] = this.#parts(answer, streamsFields.data);
    const isWarned = this.#parts(answer, streamsFields.warnings).length > 0;
    if (data === undefined || isWarned || this.#text(status) !== "success") return undefined;
    const [type] = this.#parts(data, dataFields.resultType);
    if (this.#text(type) !== "streams") return undefined;
    const streams = this.#parts(data, dataFields.streams).map((part) => this.#stream(part));
    return streams.every((stream) => stream !== undefined) ? streams : undefined;
  }

  /** The values of a field of a message that may occur several times. */
  #parts([start, end]: Part, field: number): Part[] {
    const parts: Part[] = [];
    this.#outer.open(start, end);
    while (this.#outer.next())
      if (this.#outer.field === field && this.#outer.isBytes)
        parts.push([this.#outer.start, this.#outer.end]);
    return parts;
  }

  #text(part: Part | undefined): string | undefined {
    return part && this.#bytes.toString("utf8", ...part);
  }

  #stream(part: Part): AnsweredStream | undefined {
    const [text] = this.#parts(part, streamFields.labels);
    const labels = labelsIn(this.#text(text) ?? "");
    if (labels === undefined) return undefined;
    const entries: Entry[] = [];
    this.#outer.open(...part);
    while (this.#outer.next())
      if (this.#outer.field === streamFields.entries && this.#outer.isBytes)
        entries.push(this.#entryAt(labels));
    return { labels, entries };
  }

  /** The entry that is the field at which the outer message is. */
  #entryAt(labels: Labels): Entry {
    const { start, end } = this.#outer;
    const entry = this.#entry;
    let timestampNs: bigint | undefined;
    let lineStart = 0;
    let lineEnd = 0;
    entry.open(start, end);
    while (entry.next()) {
      if (!entry.isBytes) continue;
      if (entry.field === entryFields.time) timestampNs = this.#timeAt(entry.start, entry.end);
      if (entry.field === entryFields.line) [lineStart, lineEnd] = [entry.start, entry.end];
    }
    if (timestampNs === undefined) throw new RangeError("an entry has no time");
    const raw = this.#bytes.subarray(lineStart, lineEnd);
    return isUtf8(raw)
      ? new RawEntry(timestampNs, labels, raw)
      : { timestampNs, stream: labels, line: goText(raw) };
  }

  #timeAt(start: number, end: number): bigint {
    const time = this.#time;
    let seconds = 0;
    let nanoseconds = 0;
    time.open(start, end);
    while (time.next()) {
      if (time.field === timeFields.seconds) seconds = time.value;
      if (time.field === timeFields.nanoseconds) nanoseconds = time.value;
    }
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#secondsNs = BigInt(seconds) * nanosPerSecond;
    }
    return this.#secondsNs + BigInt(nanoseconds);
  }
}
