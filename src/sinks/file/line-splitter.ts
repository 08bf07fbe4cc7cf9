const newline = 0x0a;

/** The longest line that is read in full, in bytes. */
export const maxLineBytes = 1_048_576;

/** How many NULs at the beginning of a line are kept: enough to show that they are there, with room for the line after them. */
const maxHoleBytes = 65_536;

/**
 * Splits a stream of bytes into lines at `\n` and at nothing else, before anything is decoded, so that carriage returns and
 * invalid bytes are kept. Only the beginning of a line longer than `maxLineBytes` is passed on, and it is counted. Of NULs before a line, as
 * `copytruncate` leaves them, only a few are passed on, so that the line after them is visible.
 */
export class LineSplitter {
  /** Lines passed on, including cut ones. */
  lines = 0;
  /** Lines that were cut to `maxLineBytes`. */
  oversizedLines = 0;
  readonly #onLine: (text: string) => void;
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #droppedBytes = 0;
  #isHole = true;

  /** @param onLine takes each line as text; invalid UTF-8 becomes U+FFFD, which no line of a run contains */
  constructor(onLine: (text: string) => void, maxBytes = maxLineBytes) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxBytes;
  }

  /** Takes the next bytes; keeps what follows their last newline. */
  push(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(newline);
    if (end !== -1 && this.#pendingBytes + this.#droppedBytes > 0) {
      this.#keep(chunk.subarray(0, end));
      this.#flush();
      start = end + 1;
      end = chunk.indexOf(newline, start);
    }
    while (end !== -1) {
      this.#emit(chunk, start, end);
      start = end + 1;
      end = chunk.indexOf(newline, start);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Ends the stream: the text after the last newline is a line too. */
  end(): void {
    if (this.#pendingBytes > 0) this.#flush();
  }

  #keep(bytes: Buffer): void {
    this.#keepBeyondHole(this.#isHole ? this.#withoutHole(bytes) : bytes);
  }

  /** The part of the next bytes to keep, of a line that consists only of NULs so far. */
  #withoutHole(bytes: Buffer): Buffer {
    let end = 0;
    while (end < bytes.length && bytes[end] === 0) end++;
    this.#isHole = end === bytes.length;
    const dropped = Math.max(0, Math.min(end, this.#pendingBytes + end - maxHoleBytes));
    this.#droppedBytes += dropped;
    return bytes.subarray(dropped);
  }

  #keepBeyondHole(bytes: Buffer): void {
    const kept = bytes.subarray(0, this.#maxLineBytes - this.#pendingBytes);
    this.#droppedBytes += bytes.length - kept.length;
    this.#pendingBytes += kept.length;
    if (kept.length > 0) this.#pending.push(kept);
  }

  #flush(): void {
    const line = Buffer.concat(this.#pending);
    if (this.#droppedBytes > 0) this.oversizedLines++;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#droppedBytes = 0;
    this.#isHole = true;
    this.lines++;
    this.#onLine(line.toString("utf8"));
  }

  #emit(chunk: Buffer, start: number, end: number): void {
    const bytes = Math.min(end - start, this.#maxLineBytes);
    if (end - start > bytes) this.oversizedLines++;
    this.lines++;
    this.#onLine(chunk.toString("utf8", start, start + bytes));
  }
}
