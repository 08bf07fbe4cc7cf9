import { PagedBits } from "./paged-bits.ts";
import { PagedBytes } from "./paged-bytes.ts";

const fullByte = 255;

/**
 * What came back of one source: a bit for each sequence that did, and more only of those that came back again or out of order. 100M lines
 * take 13 MB, and 113 MB if each came back twice.
 */
export class Tally {
  /** Distinct sequences seen. */
  distinct = 0;
  /** Intact copies seen, including the first ones. */
  copiesInAll = 0;
  /** The highest sequence seen, 0 if none was. */
  highest = 0;
  readonly #seen = new PagedBits();
  readonly #outOfOrder = new PagedBits();
  /** Copies after the first one, as far as they fit into a byte. */
  readonly #further = new PagedBytes();
  /** Counts of further copies that do not fit into a byte. Each entry requires 256 copies, so there are few. */
  readonly #overflow = new Map<number, number>();

  /** Counts one intact copy and says how many there were before it. */
  add(sequence: number): number {
    this.copiesInAll++;
    if (!this.#seen.has(sequence)) {
      this.#addFirst(sequence);
      return 0;
    }
    const further = this.#furtherCopiesOf(sequence);
    if (further >= fullByte) this.#overflow.set(sequence, further + 1);
    else this.#further.set(sequence, further + 1);
    return further + 1;
  }

  /** Counts one intact copy of each sequence from one to another, both included, in ascending order. */
  addRun(from: number, to: number): void {
    if (from <= this.highest) {
      for (let sequence = from; sequence <= to; sequence++) this.add(sequence);
      return;
    }
    // None of them was seen, and none comes after a higher one.
    this.#seen.addRun(from, to);
    this.distinct += to - from + 1;
    this.copiesInAll += to - from + 1;
    this.highest = to;
  }

  /** How many intact copies of a sequence came back. */
  copiesOf(sequence: number): number {
    return this.#seen.has(sequence) ? this.#furtherCopiesOf(sequence) + 1 : 0;
  }

  /** Whether the first copy of a sequence came after a higher sequence. */
  isOutOfOrder(sequence: number): boolean {
    return this.#outOfOrder.has(sequence);
  }

  /** The first sequence, from one on, that did not come back exactly once and in order; the one after `to` if there is none up to that. */
  nextAnomaly(from: number, to: number): number {
    for (let sequence = from; sequence <= to; ) {
      if ((sequence & 7) === 0 && this.#areEightFlawless(sequence)) sequence += 8;
      else if (this.copiesOf(sequence) !== 1 || this.isOutOfOrder(sequence)) return sequence;
      else sequence++;
    }
    return to + 1;
  }

  #areEightFlawless(first: number): boolean {
    return (
      this.#seen.hasEightFrom(first) &&
      !this.#outOfOrder.hasAnyOfEightFrom(first) &&
      !this.#further.isWrittenNear(first)
    );
  }

  #furtherCopiesOf(sequence: number): number {
    const further = this.#further.get(sequence);
    return further === fullByte ? (this.#overflow.get(sequence) ?? fullByte) : further;
  }

  #addFirst(sequence: number): void {
    this.distinct++;
    this.#seen.add(sequence);
    if (sequence > this.highest) this.highest = sequence;
    else this.#outOfOrder.add(sequence);
  }
}
