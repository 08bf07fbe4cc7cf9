import { copyText, TextBlock } from "./text-block.ts";
import { firstWordOf, mostWords, TextPool, wordCountOf } from "./text-pool.ts";

/** The paddings that `TextPool.cut` makes, as bytes. */
export class PaddingBytes {
  /** How many bytes a padding has at most. */
  readonly longestBytes: number;
  readonly #text: DataView;
  /** Where each word begins; one byte of space is before it. */
  readonly #starts: Uint32Array;

  /** @param isPlain whether no word may need to be escaped in JSON or logfmt */
  constructor(seed: string, isPlain: boolean) {
    const { bytes, starts } = new TextPool(seed, isPlain).bytes();
    const block = new TextBlock(bytes.length);
    block.append(bytes);
    this.#text = block.view;
    this.#starts = starts;
    this.longestBytes = starts
      .slice(mostWords)
      .reduce((longest, end, first) => Math.max(longest, end - starts[first]! - 1), 0);
  }

  /**
   * Copies the padding that belongs to a hash.
   *
   * @returns where it ends in the target
   */
  copy(hash: number, to: DataView, at: number): number {
    const first = firstWordOf(hash);
    return copyText(this.#text, this.#starts[first]!, this.#starts[first + wordCountOf(hash)]! - 1, to, at);
  }
}
