import { decompressed } from "./compression.ts";

/** One record as Kafka stores it. */
export interface RawRecord {
  offset: number;
  /** Null for a record without a value. */
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Places in the head of a batch in the form of Kafka 0.11 and later. */
const at = { length: 8, magic: 16, attributes: 21, lastOffsetDelta: 23, count: 57, records: 61 };
const lengthEnd = 12;
const knownMagic = 2;
const compressionMask = 0x07;
/** Batches of Kafka's own, such as the ends of transactions. */
const controlFlag = 0x20;
/** The headers of every record that has none. */
export const noHeaders = {};
/** What a batch has behind its length at least. */
const fewestBytes = at.records - lengthEnd;

/** The offset behind the last complete batch in what a fetch returned; undefined if there is none. */
export function offsetBehind(batches: Buffer): number | undefined {
  let behind: number | undefined;
  for (const batch of batchesIn(batches)) behind = baseOf(batch) + batch.readInt32BE(at.lastOffsetDelta) + 1;
  return behind;
}

/**
 * Tells the records in what a fetch returned of a partition, in the order of their offsets. A batch begins as Kafka stores it, so there may be
 * records before the offset that was asked for; one that is cut off at the end is left out.
 *
 * @throws Error if it is not in the form of Kafka 0.11 or later, or compressed in a way that is not known
 */
export function eachRecord(batches: Buffer, onRecord: (record: RawRecord) => void): void {
  for (const batch of batchesIn(batches)) {
    const attributes = batch.readInt16BE(at.attributes);
    if ((attributes & controlFlag) !== 0) continue;
    const base = baseOf(batch);
    const count = batch.readInt32BE(at.count);
    const records = new RecordFields(decompressed(attributes & compressionMask, batch.subarray(at.records)));
    for (let index = 0; index < count; index++) onRecord(records.next(base));
  }
}

function* batchesIn(batches: Buffer): Generator<Buffer> {
  for (let start = 0; start + at.records <= batches.length; ) {
    const length = batches.readInt32BE(start + at.length);
    const magic = batches.readInt8(start + at.magic);
    if (magic !== knownMagic)
      throw new RangeError(`the records are stored in form ${magic} of Kafka, expected ${knownMagic}`);
    if (length < fewestBytes) throw new RangeError(`a batch of records has ${length} bytes`);
    const end = start + lengthEnd + length;
    if (end > batches.length) return;
    yield batches.subarray(start, end);
    start = end;
  }
}

function baseOf(batch: Buffer): number {
  const base = Number(batch.readBigInt64BE());
  if (Number.isSafeInteger(base)) return base;
  throw new RangeError(`the offset ${base} is too large`);
}

/** Reads records one after the other. */
class RecordFields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(base: number): RawRecord {
    const end = this.#integer() + this.#at;
    this.#at++; // attributes, of which none is defined
    this.#skipInteger(); // the time, of up to 64 bits
    const offset = base + this.#integer();
    const keyLength = this.#integer();
    this.#at += Math.max(0, keyLength);
    const value = this.#field();
    const headers = this.#headers();
    if (this.#at !== end) throw new RangeError("a record does not end where it says");
    return { offset, value, headers };
  }

  #headers(): Record<string, string> {
    const count = this.#integer();
    if (count === 0) return noHeaders;
    const headers = new Map<string, string>();
    for (let index = 0; index < count; index++) {
      const name = `${this.#field() ?? ""}`;
      const text = `${this.#field() ?? ""}`;
      const earlier = headers.get(name);
      headers.set(name, earlier === undefined ? text : `${earlier},${text}`);
    }
    return Object.fromEntries(headers);
  }

  /** Bytes behind their length; null if that is negative. */
  #field(): Buffer | null {
    const length = this.#integer();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError("a record is longer than its batch");
    return this.#bytes.subarray(start, this.#at);
  }

  /** A number of up to 32 bits: zigzag, seven bits a byte. */
  #integer(): number {
    let number = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (number >>> 1) ^ -(number & 1);
    }
    throw new RangeError("a number in a record is cut off or too long");
  }

  #skipInteger(): void {
    while (this.#bytes[this.#at++]! >= 0x80);
  }
}
