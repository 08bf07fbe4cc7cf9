const byteOrderMark = Buffer.from("\uFEFF");

/** Removes the byte order mark from the first bytes of a file, if they have one. */
export function markStripper(): (chunk: Buffer) => Buffer {
  let isStart = true;
  return (chunk) => {
    const hasMark = isStart && chunk.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    isStart = false;
    return hasMark ? chunk.subarray(byteOrderMark.length) : chunk;
  };
}
