/** When each line of a run was first seen readable: four bytes a line. */
export class Arrivals {
  readonly #epochMs: number;
  readonly #offsetsMs: Map<string, Uint32Array>;
  #count = 0;

  /**
   * @param epochMs Unix milliseconds before any arrival
   * @param lines how many lines each source will write
   */
  constructor(epochMs: number, lines: ReadonlyMap<string, number>) {
    this.#epochMs = epochMs;
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
    // 0 means "not yet".
    offsets[sequence] = Math.max(1, Math.round(atMs - this.#epochMs));
    this.#count++;
    return true;
  }

  /** When a line was first seen, in Unix milliseconds; undefined if it was not. */
  atMs(source: string, sequence: number): number | undefined {
    const offset = this.#offsetsMs.get(source)?.[sequence];
    return offset ? this.#epochMs + offset : undefined;
  }
}
