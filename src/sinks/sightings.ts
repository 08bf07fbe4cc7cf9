import type { LineCodec } from "../load/line.ts";
import { nominalMs } from "../load/line-clock.ts";
import type { ReadWindow } from "./read-window.ts";
import type { ArrivalRecorder } from "./sink.ts";

/** What following a sink has shown so far: which lines came, and when something last moved. */
export class Sightings {
  readonly sentinels = new Set<string>();
  /** A text that bears the mark of the run, but is none of its lines, byte for byte. */
  altered: string | undefined;
  /** When a line, or a further copy of one, last came, in Unix milliseconds. */
  lastMovedAtMs = Date.now();
  readonly #codec: LineCodec;
  readonly #arrivals: ArrivalRecorder;
  readonly #window: ReadWindow;

  constructor(codec: LineCodec, arrivals: ArrivalRecorder, window: ReadWindow) {
    this.#codec = codec;
    this.#arrivals = arrivals;
    this.#window = window;
  }

  /**
   * Takes a line that bears the mark of the run.
   *
   * @param atMs when it was seen, in Unix milliseconds
   */
  see({ timestampNs, line }: { timestampNs: bigint; line: string }, atMs: number): void {
    const identity = this.#codec.decode(line);
    if (identity === undefined) {
      this.altered ??= line;
      return;
    }
    const { source, sequence } = identity;
    if (sequence === 0) {
      this.sentinels.add(source);
      this.#window.seeSentinel(timestampNs, nominalMs(this.#codec.clock, 0), atMs);
      return;
    }
    this.#window.see(timestampNs);
    if (this.#arrivals.add(source, sequence, atMs)) this.lastMovedAtMs = atMs;
  }
}
