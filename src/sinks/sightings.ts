import type { LineCodec } from "../load/line.ts";
import { nominalMs } from "../load/line-clock.ts";
import type { ReadWindow } from "./read-window.ts";
import type { ArrivalRecorder } from "./sink.ts";

/** What following a sink has shown so far: which lines have arrived, and when the last one did. Whatever follows a sink extends it. */
export class Sightings {
  readonly sentinels = new Set<string>();
  /** A text with the mark of the run that equals none of its lines; undefined if none was seen. */
  altered: string | undefined;
  /** When a line or a copy of one last arrived, in Unix milliseconds. */
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
   * Records a line that contains the mark of the run.
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
