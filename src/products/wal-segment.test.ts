import { describe, expect, it } from "vitest";
import { checksumOf, fragmentHeaderBytes, recordsOf } from "./wal-segment.ts";

const pageBytes = 32 * 1_024;

/** A segment as Prometheus writes it: fragments that fill pages, and the rest of the last page left out. */
function segmentOf(...payloads: Buffer[]): Buffer {
  let segment = Buffer.alloc(0);
  for (const payload of payloads) {
    let rest = payload;
    for (let part = 0; part === 0 || rest.length > 0; part++) {
      const room = pageBytes - (segment.length % pageBytes);
      if (room < fragmentHeaderBytes) {
        segment = Buffer.concat([segment, Buffer.alloc(room)]);
        part--;
        continue;
      }
      const data = rest.subarray(0, room - fragmentHeaderBytes);
      rest = rest.subarray(data.length);
      const isLast = rest.length === 0;
      const header = Buffer.alloc(fragmentHeaderBytes);
      header[0] = part === 0 ? (isLast ? 1 : 2) : isLast ? 4 : 3;
      header.writeUInt16BE(data.length, 1);
      header.writeUInt32BE(checksumOf(data), 3);
      segment = Buffer.concat([segment, header, data]);
    }
  }
  return segment;
}

const payloads = [5, 100, 32_755, 3, 70_000, 1].map((size, index) => Buffer.alloc(size, 65 + index));

it("takes the check value of CRC-32C", () => {
  expect(checksumOf(Buffer.from("123456789"))).toBe(0xe3069283);
});

describe("the records of a segment", () => {
  it("come back whole, over pages and padding", () => {
    expect(recordsOf(segmentOf(...payloads)).map(({ payload }) => payload)).toEqual(payloads);
  });

  it("are told with the place at which each begins", () => {
    const segment = segmentOf(...payloads);
    for (const { offset, firstBytes, payload } of recordsOf(segment)) {
      const first = segment.subarray(offset + fragmentHeaderBytes, offset + fragmentHeaderBytes + firstBytes);
      expect(first.equals(payload.subarray(0, firstBytes))).toBe(true);
    }
  });

  it("end before the one in which a byte is another, wherever it is", () => {
    const segment = segmentOf(...payloads);
    const all = recordsOf(segment);
    for (const [index, { offset, firstBytes }] of all.entries()) {
      const places = [
        offset + fragmentHeaderBytes,
        offset + fragmentHeaderBytes + firstBytes - 1,
        offset + 3,
      ];
      for (const at of places) {
        const torn = Buffer.from(segment);
        torn[at] = torn[at]! ^ 0xff;
        expect(recordsOf(torn)).toHaveLength(index);
      }
    }
  });

  it("end before the one in which the file ends", () => {
    const segment = segmentOf(...payloads);
    for (const [index, { offset, firstBytes }] of recordsOf(segment).entries()) {
      expect(recordsOf(segment.subarray(0, offset + fragmentHeaderBytes + firstBytes - 1))).toHaveLength(
        index,
      );
      expect(recordsOf(segment.subarray(0, offset + 3))).toHaveLength(index);
      expect(recordsOf(segment.subarray(0, offset))).toHaveLength(index);
    }
  });

  it("are none in an empty file and in zeros", () => {
    expect(recordsOf(Buffer.alloc(0))).toEqual([]);
    expect(recordsOf(Buffer.alloc(pageBytes + 10))).toEqual([]);
  });
});
