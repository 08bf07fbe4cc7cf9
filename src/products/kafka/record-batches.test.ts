import { createRequire } from "node:module";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { compressSync } from "snappy";
import { describe, expect, it } from "vitest";
import { eachRecord, offsetBehind, type RawRecord } from "./record-batches.ts";

// What kafkajs sends to a broker, and so what a broker stores.
const requireOf = createRequire(import.meta.url);
const { RecordBatch: recordBatchOf } = requireOf("kafkajs/src/protocol/recordBatch/v0");
const recordOf = requireOf("kafkajs/src/protocol/recordBatch/record/v0");
const longOf = requireOf("kafkajs/src/utils/long");

const compressions = {
  none: [0, (bytes: Buffer) => bytes],
  gzip: [1, gzipSync],
  snappy: [2, compressSync],
  xerial: [2, xerial],
  zstd: [4, zstdCompressSync],
} as const;

function xerial(bytes: Buffer): Buffer {
  const head = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const middle = bytes.length >> 1;
  const blocks = [bytes.subarray(0, middle), bytes.subarray(middle)].flatMap((part) => {
    const block = compressSync(part) as Buffer;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    return [length, block];
  });
  return Buffer.concat([head, ...blocks]);
}

const places = { attributes: 21, records: 61, length: 8 };

/** A batch as it is stored, with its records compressed afterwards, since kafkajs itself knows one way of it. */
async function stored(records: TestRecord[], base: number, compression: keyof typeof compressions) {
  const plain: Buffer = (
    await recordBatchOf({
      firstOffset: longOf.fromInt(base),
      lastOffsetDelta: records.length - 1,
      records: records.map((record, offsetDelta) =>
        recordOf({ ...record, offsetDelta, timestampDelta: longOf.fromNumber(record.delayMs) }),
      ),
    })
  ).buffer;
  const [number, compress] = compressions[compression];
  const batch = Buffer.concat([
    plain.subarray(0, places.records),
    compress(plain.subarray(places.records)) as Buffer,
  ]);
  batch.writeInt16BE(number, places.attributes);
  batch.writeInt32BE(batch.length - 12, places.length);
  return batch;
}

interface TestRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string | string[]>;
  delayMs: number;
}

const noValue: TestRecord = { key: null, value: null, headers: {}, delayMs: 0 };
const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)));
const names = fc.constantFrom("timestamp-ns", "constructor", "é");
const header = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }));
const recordArbitrary: fc.Arbitrary<TestRecord> = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.dictionary(names, header, { maxKeys: 3 }),
  delayMs: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
});
const batchArbitrary = fc.tuple(
  fc.array(recordArbitrary, { minLength: 1, maxLength: 12 }),
  fc.constantFrom(...(Object.keys(compressions) as (keyof typeof compressions)[])),
);

function recordsOf(batches: Buffer): RawRecord[] {
  const records: RawRecord[] = [];
  eachRecord(batches, (record) => records.push(record));
  return records;
}

describe("records as Kafka stores them", () => {
  it("are read as they were sent, whatever a fetch cuts off at its end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batchArbitrary, { maxLength: 3 }),
        fc.nat(1_000_000),
        fc.nat(80),
        async (batches, first, cut) => {
          const parts: Buffer[] = [];
          const expected: RawRecord[] = [];
          let base = first;
          for (const [records, compression] of batches) {
            parts.push(await stored(records, base, compression));
            for (const [index, { value, headers }] of records.entries())
              expected.push({
                offset: base + index,
                value,
                headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, `${text}`])),
              });
            base += records.length;
          }
          const next = await stored([noValue], base, "none");
          const fetched = Buffer.concat([...parts, next.subarray(0, Math.min(cut, next.length - 1))]);
          expect(recordsOf(fetched)).toEqual(expected);
          expect(offsetBehind(fetched)).toBe(parts.length === 0 ? undefined : base);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are left out where Kafka has written them for itself", async () => {
    const batch = await stored([noValue], 5, "none");
    batch.writeInt16BE(0x30, places.attributes);
    expect(recordsOf(batch)).toEqual([]);
    expect(offsetBehind(batch)).toBe(6);
  });

  it.each([
    [3, places.attributes + 1, /lz4/],
    [7, places.attributes + 1, /codec 7/],
    [1, 16, /form 1/],
  ])("are refused in forms that are not known: %j at byte %j", async (number, place, words) => {
    const batch = await stored([noValue], 5, "none");
    batch.writeUInt8(number, place);
    expect(() => recordsOf(batch)).toThrow(words);
  });
});
