const word = 4;

/** The content of a memory while it is laid out, before its size is known. Addresses begin above 0, which stands for none. */
export class MemoryImage {
  #bytes = Buffer.alloc(65_536);
  #length = 16;

  /** How many bytes are in use. */
  get length(): number {
    return this.#length;
  }

  /** Everything that was laid out. */
  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Sets bytes aside that are 0, and says where they begin: at a multiple of four. */
  reserve(bytes: number): number {
    const from = Math.ceil(this.#length / word) * word;
    this.#length = from + bytes;
    while (this.#length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    return from;
  }

  /** Sets room for numbers aside, and says where they begin. */
  addNumbers(numbers: readonly number[]): number {
    const from = this.reserve(numbers.length * word);
    for (const [index, number] of numbers.entries()) this.setNumber(from + index * word, number);
    return from;
  }

  setNumber(at: number, number: number): void {
    this.#bytes.writeUInt32LE(number, at);
  }

  /** Adds bytes, and says where they begin. */
  addBytes(bytes: Uint8Array): number {
    const from = this.reserve(bytes.length);
    this.#bytes.set(bytes, from);
    return from;
  }

  /** The two numbers of a text: where its bytes begin, and how many there are. */
  textNumbers(bytes: Uint8Array): [number, number] {
    return [this.addBytes(bytes), bytes.length];
  }
}
