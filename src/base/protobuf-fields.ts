const continued = 0x80;
const wireTypes = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 };

/**
 * Goes through the fields of a protobuf message, without an object for each: `next` moves to the next field, and the properties say what it
 * is.
 */
export class ProtobufFields {
  /** The number of the field. */
  field = 0;
  /** Whether the field has bytes, from `start` to `end`: a text, a message or bytes. */
  isBytes = false;
  start = 0;
  end = 0;
  /** The value of a field that is a non-negative integer of at most 53 bits. */
  value = 0;
  readonly #bytes: Uint8Array;
  #at = 0;
  #limit = 0;

  /** @param bytes what contains the messages that are read */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.open(0, bytes.length);
  }

  /** Begins with another message in the same bytes. */
  open(start: number, end: number): void {
    this.#at = start;
    this.#limit = end;
  }

  /**
   * Moves to the next field.
   *
   * @returns whether there is one
   * @throws RangeError if these bytes are no protobuf message, or a number is negative or has more than 53 bits
   */
  next(): boolean {
    if (this.#at === this.#limit) return false;
    const tag = this.#varint();
    const wireType = tag & 7;
    this.field = tag >>> 3;
    this.isBytes = wireType === wireTypes.lengthDelimited;
    if (wireType === wireTypes.varint) {
      this.value = this.#varint();
    } else {
      const length = this.#lengthOf(wireType);
      this.start = this.#at;
      this.end = this.start + length;
      this.#at = this.end;
    }
    if (this.#at > this.#limit) throw new RangeError("a field is longer than its message");
    return true;
  }

  #lengthOf(wireType: number): number {
    if (wireType === wireTypes.lengthDelimited) return this.#varint();
    if (wireType === wireTypes.eightBytes) return 8;
    if (wireType === wireTypes.fourBytes) return 4;
    throw new RangeError(`there is no field of wire type ${wireType}`);
  }

  #varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let scale = 1; this.#at < this.#limit; scale *= continued) {
      const byte = bytes[this.#at++]!;
      value += (byte % continued) * scale;
      if (value > Number.MAX_SAFE_INTEGER) break;
      if (byte < continued) return value;
    }
    throw new RangeError("a number is cut off, negative or too large");
  }
}
