const [newline, quote, backslash] = [0x0a, 0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const isBlank = (byte: number) => byte === newline || byte === 0x20 || byte === 0x09 || byte === 0x0d;

/** The largest JSON value that is read in one piece, in bytes. */
export const maxValueBytes = 268_435_456;

/** Why a stream of JSON values cannot be read any further. */
export type JsonFlaw = "too large" | "a line break inside of a string" | "cut off";

/**
 * Splits a stream of bytes into its JSON values, whether they are on one line each, on several lines or end to end, and into the
 * text on lines between them.
 */
export class JsonValues {
  readonly #onValue: (text: string) => void;
  readonly #onStray: (text: string) => void;
  readonly #onFlaw: (flaw: JsonFlaw) => never;
  readonly #maxBytes: number;
  #state: "between" | "value" | "stray" = "between";
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(
    onValue: (text: string) => void,
    onStray: (text: string) => void,
    onFlaw: (flaw: JsonFlaw) => never,
    maxBytes = maxValueBytes,
  ) {
    this.#onValue = onValue;
    this.#onStray = onStray;
    this.#onFlaw = onFlaw;
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes; keeps what belongs to a value that has not ended. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!;
      if (this.#state === "between") {
        if (isBlank(byte)) continue;
        start = index;
        this.#state = byte === openBrace || byte === openBracket ? "value" : "stray";
      }
      if (this.#state === "stray" ? byte !== newline : !this.#closes(byte)) continue;
      const end = this.#state === "stray" ? index : index + 1;
      this.#keep(chunk.subarray(start, end));
      this.#flush();
    }
    if (this.#state !== "between") this.#keep(chunk.subarray(start));
  }

  end(): void {
    if (this.#state === "value") this.#onFlaw("cut off");
    if (this.#state === "stray") this.#flush();
  }

  /** Whether the value ends with this byte. */
  #closes(byte: number): boolean {
    if (this.#inString) {
      if (byte === newline) this.#onFlaw("a line break inside of a string");
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#inString = false;
      return false;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openBrace || byte === openBracket) this.#depth++;
    else if (byte === closeBrace || byte === closeBracket) this.#depth--;
    return this.#depth === 0;
  }

  #keep(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > this.#maxBytes) this.#onFlaw("too large");
    // A copy, because the memory of a chunk may be reused, and a small part would keep all of it alive.
    this.#pending.push(Buffer.from(bytes));
  }

  #flush(): void {
    const text = Buffer.concat(this.#pending).toString("utf8");
    const emit = this.#state === "value" ? this.#onValue : this.#onStray;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#state = "between";
    emit(text);
  }
}
