/** By so many of its first bytes a file is told from another that has taken its name. */
export const headBytes = 256;

/** How far a file was read, and by what it is told from others. */
export interface FilePlace {
  bytes: number;
  modifiedAtMs: number;
  head: Buffer;
  /** How many bytes were read. */
  read: number;
  /** Whether it can only be read from its beginning to its end: it is packed, or its form is told by its beginning. */
  isWhole: boolean;
}

const gzipMark = Buffer.from([0x1f, 0x8b]);

/** Where a file is read from: behind what was read of it before, if it is still the same and can be read from there. */
export function placeToReadFrom(
  before: FilePlace | undefined,
  { bytes, head }: Pick<FilePlace, "bytes" | "head">,
): Pick<FilePlace, "read" | "isWhole"> {
  // Packed, or in UTF-16.
  const isPacked = head.subarray(0, gzipMark.length).equals(gzipMark) || head.includes(0);
  const isSame =
    before !== undefined && bytes >= before.read && head.subarray(0, before.head.length).equals(before.head);
  const isWhole = isPacked || (isSame && before.isWhole);
  return { read: isSame && !isWhole ? before.read : 0, isWhole };
}
