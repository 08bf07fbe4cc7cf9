import type { LineClock } from "../../load/line.ts";
import { nominalTime } from "../../load/line-clock.ts";
import type { LineEncoder } from "../../load/line-encoder.ts";
import { TextBlock } from "../../load/text-block.ts";
import { PushRequest } from "../../products/push-request.ts";

/** Promtail's `batchsize`: the lines of a push have no more bytes together. */
const batchBytes = 1_048_576;
const newline = 0x0a;

/** Makes pushes of the lines of one source, as large as Promtail's at most. */
export class LineBatches {
  /** How many lines a push may have. */
  readonly mostLines: number;
  readonly #encoder: LineEncoder;
  readonly #clock: LineClock;
  readonly #block: TextBlock;
  readonly #request: PushRequest;

  /** @param labels the label string of the source's stream */
  constructor(encoder: LineEncoder, clock: LineClock, labels: string) {
    this.mostLines = Math.floor(batchBytes / encoder.longestBytes);
    this.#encoder = encoder;
    this.#clock = clock;
    this.#block = new TextBlock(batchBytes);
    this.#request = new PushRequest(labels, this.mostLines, batchBytes);
  }

  /**
   * A push of lines, each with its own time.
   *
   * @param last from `first` to `first + mostLines - 1`
   * @throws RangeError if they are more
   */
  make(first: number, last: number): Buffer {
    const upTo = this.#encoder.fill(this.#block, first, last);
    if (upTo < last || last - first >= this.mostLines)
      throw new RangeError(`expected at most ${this.mostLines} lines in a push, got ${first} to ${last}`);
    const { bytes } = this.#block;
    let start = 0;
    for (let sequence = first; sequence <= last; sequence++) {
      const end = bytes.indexOf(newline, start);
      this.#request.add(bytes, start, end, nominalTime(this.#clock, sequence));
      start = end + 1;
    }
    return this.#request.take();
  }
}
