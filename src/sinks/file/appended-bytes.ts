import { UsageError } from "../../base/errors.ts";
import { maxValueBytes } from "./json-values.ts";

const newline = 0x0a;

/** What is behind a place in a stream of bytes, up to the last newline, so that no line is taken before it is whole. */
export class AppendedBytes implements AsyncIterable<Buffer> {
  readonly #chunks: AsyncIterable<Buffer>;
  #skip: number;
  #end: number;

  /** @param start how many bytes are left out */
  constructor(chunks: AsyncIterable<Buffer>, start: number) {
    this.#chunks = chunks;
    this.#skip = start;
    this.#end = start;
  }

  /** Up to which byte they were passed on. */
  get end(): number {
    return this.#end;
  }

  /** @throws UsageError if a line is longer than any that is read */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    let held: Buffer[] = [];
    let heldBytes = 0;
    for await (const chunk of this.#chunks) {
      const bytes = chunk.subarray(this.#skip);
      this.#skip -= chunk.length - bytes.length;
      const end = bytes.lastIndexOf(newline) + 1;
      if (end > 0) {
        this.#end += heldBytes + end;
        yield* held;
        yield bytes.subarray(0, end);
        held = [];
        heldBytes = 0;
      }
      // A copy, because a small part would keep all of the chunk alive.
      held.push(Buffer.from(bytes.subarray(end)));
      heldBytes += bytes.length - end;
      if (heldBytes > maxValueBytes)
        throw new UsageError(
          `expected lines of at most ${maxValueBytes / 1_048_576} MiB, found a longer one.`,
        );
    }
  }
}
