import { PagedBytes } from "./paged-bytes.ts";

const allSet = 0xff;

/** A set of sequences, of which each takes a bit. */
export class PagedBits {
  readonly #bytes = new PagedBytes();

  has(sequence: number): boolean {
    return (this.#bytes.get(sequence >>> 3) & (1 << (sequence & 7))) !== 0;
  }

  add(sequence: number): void {
    const index = sequence >>> 3;
    this.#bytes.set(index, this.#bytes.get(index) | (1 << (sequence & 7)));
  }

  /** Adds all sequences from one to another, both included. */
  addRun(from: number, to: number): void {
    let sequence = from;
    while (sequence <= to && (sequence & 7) !== 0) this.add(sequence++);
    const end = (to + 1) >>> 3;
    if (sequence >>> 3 < end) {
      this.#bytes.fill(sequence >>> 3, end, allSet);
      sequence = end << 3;
    }
    while (sequence <= to) this.add(sequence++);
  }

  /** Whether a sequence that is a multiple of eight, and the seven after it, are all in the set. */
  hasEightFrom(sequence: number): boolean {
    return this.#bytes.get(sequence >>> 3) === allSet;
  }

  /** Whether any of a sequence that is a multiple of eight, and the seven after it, is in the set. */
  hasAnyOfEightFrom(sequence: number): boolean {
    return this.#bytes.get(sequence >>> 3) !== 0;
  }
}
