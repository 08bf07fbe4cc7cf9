/** One record of a segment of a write-ahead log. */
export interface WalRecord {
  /** Where its first fragment begins, in bytes from the start of the segment. */
  offset: number;
  /** How many bytes of the record are in that fragment, after its header. */
  firstBytes: number;
  payload: Buffer;
}

export const fragmentHeaderBytes = 7;
const pageBytes = 32 * 1_024;
const typeMask = 0b111;
const [whole, last] = [1, 4];
const castagnoli = 0x82f63b78;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ castagnoli : crc >>> 1;
  return crc;
});

/**
 * The records of a segment up to the first damaged one, after which no reader can continue. The format is Prometheus's, which
 * Loki uses (`tsdb/wlog/wlog.go`): pages of 32 KiB with fragments of records, each after its type, length and CRC-32C; the
 * rest of a page is zeros. Records must not be compressed; Loki's are not.
 */
export function recordsOf(segment: Buffer): WalRecord[] {
  const records: WalRecord[] = [];
  let fragments: Buffer[] = [];
  let start = 0;
  for (let at = 0; at < segment.length; ) {
    const type = segment[at]! & typeMask;
    if (type === 0) {
      at = (Math.floor(at / pageBytes) + 1) * pageBytes;
      continue;
    }
    const fragment = fragmentAt(segment, at);
    if (fragment === undefined) break;
    if (fragments.length === 0) start = at;
    fragments.push(fragment);
    at += fragmentHeaderBytes + fragment.length;
    if (type !== whole && type !== last) continue;
    const [first] = fragments as [Buffer];
    records.push({ offset: start, firstBytes: first.length, payload: Buffer.concat(fragments) });
    fragments = [];
  }
  return records;
}

function fragmentAt(segment: Buffer, at: number): Buffer | undefined {
  const dataAt = at + fragmentHeaderBytes;
  if (dataAt > segment.length) return undefined;
  const data = segment.subarray(dataAt, dataAt + segment.readUInt16BE(at + 1));
  const isWhole = data.length === segment.readUInt16BE(at + 1);
  return isWhole && checksumOf(data) === segment.readUInt32BE(at + 3) ? data : undefined;
}

/** CRC-32C. */
export function checksumOf(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
