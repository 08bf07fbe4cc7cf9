/** Repeatable random choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.#fraction() * (to - from + 1));
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!;
  }

  /** So many different ones of some values, in their order; all if there are fewer. */
  some<T>(values: readonly T[], count: number): T[] {
    let [wanted, left] = [Math.min(count, values.length), values.length];
    return values.filter(() => {
      const isChosen = this.integer(1, left--) <= wanted;
      if (isChosen) wanted--;
      return isChosen;
    });
  }

  /** mulberry32. */
  #fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}
