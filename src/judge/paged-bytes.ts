const pageBits = 16;
const pageSize = 1 << pageBits;

/** An array of bytes that grows page by page, without copying, and without memory for pages that were never written. */
export class PagedBytes {
  readonly #pages: (Uint8Array | undefined)[] = [];

  get(index: number): number {
    return this.#pages[index >>> pageBits]?.[index & (pageSize - 1)] ?? 0;
  }

  set(index: number, value: number): void {
    let page = this.#pages[index >>> pageBits];
    if (page === undefined) {
      page = new Uint8Array(pageSize);
      this.#pages[index >>> pageBits] = page;
    }
    page[index & (pageSize - 1)] = value;
  }
}
