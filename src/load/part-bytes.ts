import { numbersOfFourDigits, writeFourDigits, writeNineDigits } from "./digit-bytes.ts";
import { maxSequence } from "./line.ts";
import type { Piece, Variable } from "./line-pieces.ts";
import { copyText, TextBlock } from "./text-block.ts";

const utf8 = new TextEncoder();
/** At most; a year beyond 9999 has six digits and a sign. */
const longestVariable = {
  sequence: String(maxSequence).length,
  time: "+275760-09-13T00:00:00.000000000Z".length,
};
/** At the end of a time. */
const nanosecondsLength = "000000000Z".length;
const digitsOfSequence = 4;

/**
 * What is before the padding of a line, or what is after it, as bytes. They are those of one line; other lines of the same second and of the
 * same ten thousand differ in their last digits alone.
 */
export class PartBytes {
  /** How many bytes the part has at most. */
  readonly longestBytes: number;
  readonly #pieces: (Uint8Array | Variable)[];
  readonly #block: TextBlock;
  /** Where the last four digits of the sequence begin, in each place where it stands. */
  readonly #sequences: number[] = [];
  /** Where the nanoseconds begin, in each place where the time stands. */
  readonly #nanoseconds: number[] = [];

  constructor(pieces: Piece[]) {
    this.#pieces = pieces.map((piece) => ("text" in piece ? utf8.encode(piece.text) : piece.is));
    this.longestBytes = this.#pieces.reduce(
      (sum, piece) => sum + (typeof piece === "string" ? longestVariable[piece] : piece.length),
      0,
    );
    this.#block = new TextBlock(this.longestBytes);
  }

  /** Whether the time stands in it. */
  get hasTime(): boolean {
    return this.#pieces.includes("time");
  }

  /** Makes the bytes of a line. */
  make(sequence: string, time: string): void {
    const block = this.#block;
    block.length = 0;
    this.#sequences.length = 0;
    this.#nanoseconds.length = 0;
    const bytesOf = { sequence: utf8.encode(sequence), time: utf8.encode(time) };
    for (const piece of this.#pieces) {
      block.append(typeof piece === "string" ? bytesOf[piece] : piece);
      if (piece === "time") this.#nanoseconds.push(block.length - nanosecondsLength);
      if (piece === "sequence") this.#sequences.push(block.length - digitsOfSequence);
    }
  }

  /**
   * Copies the bytes that were made.
   *
   * @returns where they end in the target
   */
  copy(to: DataView, at: number): number {
    return copyText(this.#block.view, 0, this.#block.length, to, at);
  }

  /** Writes what differs from the line that was made into a copy: for lines of its second and its ten thousand, from 1000 on. */
  patch(copy: DataView, at: number, sequence: number, nanoseconds: number): void {
    const digits = sequence % numbersOfFourDigits;
    for (const place of this.#sequences) writeFourDigits(copy, at + place, digits);
    for (const place of this.#nanoseconds) writeNineDigits(copy, at + place, nanoseconds);
  }
}
