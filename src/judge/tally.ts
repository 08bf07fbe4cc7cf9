import { PagedBytes } from "./paged-bytes.ts";

const fullByte = 255;

/** What came back of one source: a byte per sequence for its copies, a bit for its order. 10M lines take about 11 MB. */
export class Tally {
  /** Distinct sequences seen. */
  distinct = 0;
  /** Intact copies seen, including the first ones. */
  copiesInAll = 0;
  /** The highest sequence seen, 0 if none was. */
  highest = 0;
  readonly #copies = new PagedBytes();
  /** Counts that do not fit into a byte. Each entry requires 255 copies, so there are few. */
  readonly #overflow = new Map<number, number>();
  readonly #outOfOrder = new PagedBytes();

  /** Counts one intact copy and says how many there were before it. */
  add(sequence: number): number {
    const before = this.copiesOf(sequence);
    this.copiesInAll++;
    if (before >= fullByte) this.#overflow.set(sequence, before + 1);
    else this.#copies.set(sequence, before + 1);
    if (before === 0) this.#addFirst(sequence);
    return before;
  }

  /** How many intact copies of a sequence came back. */
  copiesOf(sequence: number): number {
    const copies = this.#copies.get(sequence);
    return copies === fullByte ? (this.#overflow.get(sequence) ?? fullByte) : copies;
  }

  /** Whether the first copy of a sequence came after a higher sequence. */
  isOutOfOrder(sequence: number): boolean {
    return (this.#outOfOrder.get(sequence >>> 3) & (1 << (sequence & 7))) !== 0;
  }

  #addFirst(sequence: number): void {
    this.distinct++;
    if (sequence > this.highest) {
      this.highest = sequence;
      return;
    }
    const byte = sequence >>> 3;
    this.#outOfOrder.set(byte, this.#outOfOrder.get(byte) | (1 << (sequence & 7)));
  }
}
