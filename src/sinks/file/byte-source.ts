import type { FileHandle } from "node:fs/promises";

/** Bytes that are read into memory of the reader's. */
export interface ByteSource {
  /**
   * Fills a buffer from its beginning.
   *
   * @returns how many bytes were read; fewer than fit in only at the end
   */
  read(target: Buffer): Promise<number>;
}

/**
 * What a stream has still to give.
 *
 * @param begun what it gave last, as far as that was not used
 */
export function bytesOfChunks(chunks: AsyncIterator<Buffer>, begun: Buffer): ByteSource {
  let left = begun;
  return {
    async read(target) {
      let length = 0;
      while (length < target.length) {
        if (left.length === 0) {
          const next = await chunks.next();
          if (next.done) return length;
          left = next.value;
        }
        const copied = left.copy(target, length);
        left = left.subarray(copied);
        length += copied;
      }
      return length;
    },
  };
}

/** The bytes of a file from a place on. */
export function bytesOfFile(file: FileHandle, start: number): ByteSource {
  let position = start;
  return {
    async read(target) {
      let length = 0;
      while (length < target.length) {
        const { bytesRead } = await file.read(target, length, target.length - length, position);
        if (bytesRead === 0) return length;
        length += bytesRead;
        position += bytesRead;
      }
      return length;
    },
  };
}
