/** Consecutive lines of a source that were first seen at the same time, both ends included; Unix milliseconds. */
export interface ArrivedRange {
  source: string;
  from: number;
  to: number;
  atMs: number;
}

/** Records when each line of a run was first readable, in four bytes for each line. */
export class Arrivals {
  /** Unix milliseconds before any arrival. */
  readonly epochMs: number;
  readonly #offsetsMs: Map<string, Uint32Array>;
  #count = 0;

  /**
   * @param epochMs Unix milliseconds before any arrival
   * @param lines how many lines each source will write
   */
  constructor(epochMs: number, lines: ReadonlyMap<string, number>) {
    this.epochMs = epochMs;
    this.#offsetsMs = new Map([...lines].map(([source, count]) => [source, new Uint32Array(count + 1)]));
  }

  /** How many distinct lines have arrived. */
  get count(): number {
    return this.#count;
  }

  /**
   * Records that a line was seen; only the first time counts.
   *
   * @param atMs Unix milliseconds
   * @returns whether it was the first time
   */
  add(source: string, sequence: number, atMs: number): boolean {
    const offsets = this.#offsetsMs.get(source);
    if (offsets === undefined || sequence < 1 || sequence >= offsets.length || offsets[sequence] !== 0)
      return false;
    // 0 means that the line has not been seen.
    offsets[sequence] = Math.max(1, Math.round(atMs - this.epochMs));
    this.#count++;
    return true;
  }

  /** When a line was first seen, in Unix milliseconds; undefined if it was not. */
  atMs(source: string, sequence: number): number | undefined {
    const offset = this.#offsetsMs.get(source)?.[sequence];
    return offset ? this.epochMs + offset : undefined;
  }

  /** All lines that were seen, grouped by source. */
  *ranges(): Generator<ArrivedRange> {
    for (const [source, offsets] of this.#offsetsMs) {
      for (let from = 1, to = 1; from < offsets.length; from = to + 1) {
        const offset = offsets[from]!;
        for (to = from; offsets[to + 1] === offset; ) to++;
        if (offset !== 0) yield { source, from, to, atMs: this.epochMs + offset };
      }
    }
  }
}
