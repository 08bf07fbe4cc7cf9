import type { Labels, ObservedEntry } from "../sink.ts";

/** One log line as Loki returns it. For each byte of a truncated character Loki 3.6.4 returns one U+FFFD. */
export interface Entry extends ObservedEntry {
  timestampNs: bigint;
}

/** The lines of one stream in an answer. */
export interface AnsweredStream {
  labels: Labels;
  /** In Loki's order. */
  entries: Entry[];
}

/** An entry whose line is made of its bytes when it is asked for. */
export class RawEntry implements Entry {
  readonly timestampNs: bigint;
  readonly stream: Labels;
  readonly raw: Buffer;

  /** @param raw valid UTF-8 */
  constructor(timestampNs: bigint, stream: Labels, raw: Buffer) {
    this.timestampNs = timestampNs;
    this.stream = stream;
    this.raw = raw;
  }

  get line(): string {
    return this.raw.toString();
  }
}
