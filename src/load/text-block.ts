const unit = Float64Array.BYTES_PER_ELEMENT;

/** A piece of memory for text in UTF-8, to be filled and used again. */
export class TextBlock {
  /** Seven bytes longer than the room, because `copyText` moves eight bytes at a time. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** How many bytes are in use, from the first one on. */
  length = 0;

  /** @param capacity how many bytes there is room for */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + unit - 1);
    this.view = new DataView(this.bytes.buffer);
  }

  /** How many bytes there is room for. */
  get capacity(): number {
    return this.bytes.length - (unit - 1);
  }

  /** The bytes in use; valid until the block is filled again. */
  get content(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  /** Adds bytes behind those in use, for which there has to be room. */
  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}

/**
 * Copies UTF-8 from one block to another, and up to seven bytes beyond its end, which the next copy overwrites. Pieces as short as those
 * of a line are copied several times faster in this way than by `set` or `Buffer.copy`, where the call costs more than the bytes. Numbers
 * with a floating point carry any eight bytes unchanged that are no NaN, and a NaN has a byte 0x7F or 0xFF, which is in no line.
 *
 * @param start the first byte to copy
 * @param end behind the last byte to copy
 * @param at where the copy begins in the target
 * @returns where the copy ends in the target
 */
export function copyText(from: DataView, start: number, end: number, to: DataView, at: number): number {
  for (let source = start, target = at; source < end; source += unit, target += unit)
    to.setFloat64(target, from.getFloat64(source, true), true);
  return at + end - start;
}
