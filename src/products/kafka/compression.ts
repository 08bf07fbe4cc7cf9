import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { uncompressSync } from "snappy";

/** The header of Java's snappy streams before their blocks. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = 16;

/** What a batch of records may be compressed with, by the number in its attributes. */
const decompressors: Record<number, (data: Buffer) => Buffer> = {
  0: (data) => data,
  1: (data) => gunzipSync(data),
  2: uncompressSnappy,
  4: (data) => zstdDecompressSync(data),
};

/**
 * The records of a batch as they were before they were compressed.
 *
 * @param compression its number in Kafka's protocol
 * @throws RangeError if it is lz4 or not known; Error if the data are damaged
 */
export function decompressed(compression: number, data: Buffer): Buffer {
  const decompress = decompressors[compression];
  if (decompress !== undefined) return decompress(data);
  throw new RangeError(
    `the records are compressed with ${compression === 3 ? "lz4" : `codec ${compression}`}, which Everyline does not read; gzip, snappy and zstd are read`,
  );
}

/** Raw snappy, or a stream of blocks as Java writes it. */
export function uncompressSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, xerialMagic.length).equals(xerialMagic)) return uncompressSync(data) as Buffer;
  const blocks: Buffer[] = [];
  for (let start = xerialHeaderBytes; start < data.length; ) {
    const end = start + 4 + data.readUInt32BE(start);
    blocks.push(uncompressSync(data.subarray(start + 4, end)) as Buffer);
    start = end;
  }
  return Buffer.concat(blocks);
}
