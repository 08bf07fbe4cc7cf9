const pageBits = 16;
const pageSize = 1 << pageBits;

/** An array of bytes that grows page by page, without copying, and without memory for pages that were never written. */
export class PagedBytes {
  readonly #pages: (Uint8Array | undefined)[] = [];

  get(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & (pageSize - 1)] ?? 0;
  }

  set(index: number, value: number): void {
    this.#pageOf(index)[index & (pageSize - 1)] = value;
  }

  /** Sets all bytes from one index up to another, which is not set itself. */
  fill(from: number, to: number, value: number): void {
    for (let start = from; start < to; ) {
      const end = Math.min(to, (Math.floor(start / pageSize) + 1) * pageSize);
      this.#pageOf(start).fill(value, start & (pageSize - 1), ((end - 1) & (pageSize - 1)) + 1);
      start = end;
    }
  }

  /** Whether anything was written near an index: if not, the byte is 0, and so are those around it. */
  isWrittenNear(index: number): boolean {
    return this.#pages[index >>> pageBits] !== undefined;
  }

  #pageOf(index: number): Uint8Array {
    const known = this.#pages[index >>> pageBits];
    if (known !== undefined) return known;
    const page = new Uint8Array(pageSize);
    this.#pages[index >>> pageBits] = page;
    return page;
  }
}
