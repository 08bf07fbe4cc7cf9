import { closeSync, openSync, writeSync } from "node:fs";
import { longestJsonString, writeJsonString } from "../base/json-bytes.ts";

const blockBytes = 1_048_576;
/** The most bytes of UTF-8 that a UTF-16 unit takes. */
const bytesPerUnit = 3;

/**
 * Writes a file with one JSON value on each line, such as every line that was read back. Writes are buffered, because there may be
 * millions.
 */
export class ObservedFile {
  /** How many values have been added. */
  entries = 0;
  readonly #descriptor: number;
  #block = Buffer.allocUnsafe(blockBytes);
  #end = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, "w");
  }

  /** @param entry for a line that was read back: the line itself as `line`, and where it was found */
  add(entry: object): void {
    this.entries++;
    this.#addText(`${JSON.stringify(entry)}\n`);
  }

  /**
   * Adds a JSON object with a string that is there as bytes, which takes a fifth of the time of `add`.
   *
   * @param before the JSON before the string: `{"partition":1,"line":`
   * @param utf8 what the string says, as valid UTF-8
   * @param after the JSON behind it: `}`
   */
  addAround(before: string, utf8: Uint8Array, after: string): void {
    this.entries++;
    this.#addText(before);
    this.#makeRoom(longestJsonString(utf8.length));
    this.#end = writeJsonString(this.#block, this.#end, utf8);
    this.#addText(`${after}\n`);
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #addText(text: string): void {
    this.#makeRoom(text.length * bytesPerUnit);
    this.#end += this.#block.write(text, this.#end);
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#block.length) return;
    this.#flush();
    if (bytes > this.#block.length) this.#block = Buffer.allocUnsafe(bytes);
  }

  #flush(): void {
    for (let done = 0; done < this.#end; )
      done += writeSync(this.#descriptor, this.#block, done, this.#end - done);
    this.#end = 0;
  }
}
