import { compressSync } from "snappy";

/** Where Loki, and what stands in for it, takes pushes. */
export const pushPath = "/loki/api/v1/push";

/** The headers of a push as `PushRequest.take` makes it. */
export const pushHeaders = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };

/** Fields of logproto that have bytes, as the first byte of each: its number and the wire type for bytes. */
const tags = { stream: 0x0a, labels: 0x0a, entry: 0x12, timestamp: 0x0a, line: 0x12 };
/** Fields of a timestamp, whose wire type is that of numbers. */
const seconds = 0x08;
const nanoseconds = 0x10;
/** A length or a number of up to 35 bits. */
const mostVarintBytes = 5;
const timestampBytes = 2 * (1 + mostVarintBytes);
/** What an entry has beside its line at most. */
const entryBytes = 1 + mostVarintBytes + 2 + timestampBytes + 1 + mostVarintBytes;

/**
 * Makes pushes of one stream, each a PushRequest of logproto in a block of snappy, as Promtail does. It writes the bytes itself, into memory
 * that it uses again: an object for each line would cost more than the line.
 */
export class PushRequest {
  readonly #bytes: Buffer;
  readonly #labels: Buffer;
  /** Where entries begin; the head of the stream is put before them when its length is known. */
  readonly #entriesAt: number;
  #end: number;

  /**
   * @param labels the label string, such as `{job="logs"}`
   * @param mostLines how many lines a push may have
   * @param mostBytes how many bytes they may have together
   */
  constructor(labels: string, mostLines: number, mostBytes: number) {
    this.#labels = Buffer.from(labels);
    this.#entriesAt = 2 * (1 + mostVarintBytes) + this.#labels.length;
    this.#end = this.#entriesAt;
    this.#bytes = Buffer.allocUnsafeSlow(this.#entriesAt + mostLines * entryBytes + mostBytes);
  }

  /**
   * Adds a line.
   *
   * @param from bytes of which the line is those from `start` to `end`
   * @param at its time, in Unix seconds and nanoseconds
   * @throws RangeError if there is no room for it
   */
  add(from: Uint8Array, start: number, end: number, at: { seconds: number; nanoseconds: number }): void {
    const bytes = this.#bytes;
    const length = end - start;
    if (this.#end + entryBytes + length > bytes.length)
      throw new RangeError(`a push of ${bytes.length} bytes has no room for a line of ${length}`);
    const timeLength = 2 + varintLength(at.seconds) + varintLength(at.nanoseconds);
    bytes[this.#end++] = tags.entry;
    this.#number(2 + timeLength + 1 + varintLength(length) + length);
    bytes[this.#end++] = tags.timestamp;
    bytes[this.#end++] = timeLength;
    bytes[this.#end++] = seconds;
    this.#number(at.seconds);
    bytes[this.#end++] = nanoseconds;
    this.#number(at.nanoseconds);
    bytes[this.#end++] = tags.line;
    this.#number(length);
    bytes.set(from.subarray(start, end), this.#end);
    this.#end += length;
  }

  /** The push with what was added, compressed; the next line that is added is the first one of another push. */
  take(): Buffer {
    const end = this.#end;
    const labelBytes = this.#labels.length;
    const streamBytes = 1 + varintLength(labelBytes) + labelBytes + end - this.#entriesAt;
    const start = end - streamBytes - varintLength(streamBytes) - 1;
    this.#end = start;
    this.#bytes[this.#end++] = tags.stream;
    this.#number(streamBytes);
    this.#bytes[this.#end++] = tags.labels;
    this.#number(labelBytes);
    this.#labels.copy(this.#bytes, this.#end);
    this.#end = this.#entriesAt;
    return compressSync(this.#bytes.subarray(start, end)) as Buffer;
  }

  /** Writes a number seven bits a byte, the lowest first. */
  #number(value: number): void {
    let left = value;
    for (; left > 0x7f; left = Math.floor(left / 0x80)) this.#bytes[this.#end++] = (left % 0x80) | 0x80;
    this.#bytes[this.#end++] = left;
  }
}

/** How many bytes a number takes, of up to 35 bits. */
function varintLength(value: number): number {
  if (value < 2 ** 7) return 1;
  if (value < 2 ** 14) return 2;
  if (value < 2 ** 21) return 3;
  return value < 2 ** 28 ? 4 : mostVarintBytes;
}
