import { pipeline, Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { UsageError } from "../../base/errors.ts";

/** Decoded bytes, and the codings that were removed, the outermost first. */
export interface DecodedBytes {
  chunks: AsyncIterable<Buffer>;
  codings: string[];
}

/** How many bytes are inspected to identify a coding: the magic number of a tar file ends at byte 262. */
const markBytes = 512;
/** How many bytes are inspected to detect the line ends. */
const endingsBytes = 65_536;
const maxNested = 2;
const gzipMark = Buffer.from([0x1f, 0x8b]);

interface Refused {
  name: string;
  mark: Buffer;
  at?: number;
  /** What writes the lines to standard output. */
  command: string;
}

const bytesOf = (hex: string) => Buffer.from(hex, "hex");

/** Codings that are not read, because there is no library for them here, or it does not read everything that their tools write. */
const refused: readonly Refused[] = [
  { name: "bzip2", mark: Buffer.from("BZh"), command: "bzcat FILE" },
  { name: "xz", mark: bytesOf("fd377a585a00"), command: "xzcat FILE" },
  { name: "zstd", mark: bytesOf("28b52ffd"), command: "zstdcat FILE" },
  ...Array.from({ length: 16 }, (_, index) => ({
    name: "zstd",
    mark: Buffer.from([0x50 + index, 0x2a, 0x4d, 0x18]),
    command: "zstdcat FILE",
  })),
  { name: "UTF-32", mark: bytesOf("fffe0000"), command: "iconv -f UTF-32 -t UTF-8 FILE" },
  { name: "UTF-32", mark: bytesOf("0000feff"), command: "iconv -f UTF-32 -t UTF-8 FILE" },
  { name: "lz4", mark: bytesOf("04224d18"), command: "lz4 -dc FILE" },
  { name: "lzip", mark: Buffer.from("LZIP\u0001"), command: "lzip -dc FILE" },
  ...["7801", "785e", "789c", "78da"].map((mark) => ({
    name: "zlib",
    mark: bytesOf(mark),
    command: "zlib-flate -uncompress < FILE",
  })),
  { name: "lzma", mark: bytesOf("5d0000"), command: "lzcat FILE" },
  { name: "Avro", mark: Buffer.from("Obj\u0001"), command: "avro-tools tojson FILE" },
  {
    name: "a database of SQLite",
    mark: Buffer.from("SQLite format 3\0"),
    command: "sqlite3 FILE 'select line from TABLE'",
  },
  { name: "compress (.Z)", mark: bytesOf("1f9d"), command: "uncompress -c FILE" },
  { name: "Snappy", mark: bytesOf("ff060000734e61507059"), command: "snzip -dc FILE" },
  { name: "a zip archive", mark: Buffer.from("PK\u0003\u0004"), command: "unzip -p FILE" },
  { name: "a 7z archive", mark: bytesOf("377abcaf271c"), command: "7z x -so FILE" },
  { name: "a tar archive", mark: Buffer.from("ustar"), at: 257, command: "tar -xOf FILE" },
  {
    name: "Parquet",
    mark: Buffer.from("PAR1"),
    command: `duckdb -noheader -list -c "select line from 'FILE'"`,
  },
];

/**
 * Unpacks gzip and converts UTF-16 to UTF-8 if an export needs it, however small the chunks are.
 *
 * @param path the name of the bytes in messages
 * @throws UsageError if they have a coding that is not read
 */
export async function decoded(source: AsyncIterable<Buffer>, path: string): Promise<DecodedBytes> {
  const codings: string[] = [];
  let { head, chunks } = await peeked(source, markBytes);
  while (head.subarray(0, gzipMark.length).equals(gzipMark)) {
    if (codings.push("gzip") > maxNested)
      throw new UsageError(`${path} is gzip within gzip within gzip; unpack it first.`);
    ({ head, chunks } = await peeked(unpacked(chunks), markBytes));
  }
  assertNotPacked(head, path);
  const encoding = utf16Of(head);
  if (encoding === undefined) return { chunks, codings };
  const start = await peeked(chunks, endingsBytes);
  const returns = endsWithReturns(new TextDecoder(encoding).decode(start.head));
  return { chunks: utf8Of(start.chunks, encoding, returns), codings: [...codings, encoding.toUpperCase()] };
}

/**
 * Reads ahead.
 *
 * @returns the first bytes, fewer only if there are no more, and the whole stream, including these
 */
export async function peeked(
  source: AsyncIterable<Buffer>,
  bytes: number,
): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await iterator.next();
    if (next.done) break;
    read.push(next.value);
    length += next.value.length;
  }
  async function* chunks() {
    try {
      yield* read;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(read), chunks: chunks() };
}

function unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // Whoever reads from it is told of what fails on the way to it.
  pipeline(Readable.from(chunks), gunzip, () => {});
  return gunzip;
}

function assertNotPacked(head: Buffer, path: string): void {
  const found = refused.find(({ mark, at = 0 }) => head.subarray(at, at + mark.length).equals(mark));
  if (found === undefined) return;
  throw new UsageError(
    `expected lines, found ${found.name} in ${path}; make lines of it first, as in: ${found.command} | everyline verify --ledger LEDGER -`,
  );
}

type Utf16 = "utf-16le" | "utf-16be";

/** With or without a byte order mark: if most characters are among the first 256, every second byte is 0. */
function utf16Of(head: Buffer): Utf16 | undefined {
  const body = head.subarray(0, markBytes & ~1);
  if (body.length < 4) return undefined;
  const zeros = [0, 1].map(
    (parity) => body.filter((byte, index) => byte === 0 && index % 2 === parity).length,
  );
  const enough = body.length / 4;
  if (zeros[1]! >= enough && zeros[0]! < enough / 4) return "utf-16le";
  if (zeros[0]! >= enough && zeros[1]! < enough / 4) return "utf-16be";
  return undefined;
}

/** Windows ends lines with a carriage return and a newline; the tool that wrote UTF-16 has added the carriage return. */
function endsWithReturns(text: string): boolean {
  return (text.match(/\r\n/g)?.length ?? 0) * 2 > (text.match(/\n/g)?.length ?? 0);
}

function utf8Of(chunks: AsyncIterable<Buffer>, encoding: Utf16, returns: boolean): AsyncIterable<Buffer> {
  const decoder = new TextDecoder(encoding);
  let held = "";
  const take = (more: string): Buffer => {
    const text = held + more;
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    held = text.slice(end);
    return Buffer.from(returns ? text.slice(0, end).replaceAll("\r\n", "\n") : text.slice(0, end));
  };
  const transform = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, take(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, Buffer.from(held + decoder.decode())),
  });
  pipeline(Readable.from(chunks), transform, () => {});
  return transform;
}
