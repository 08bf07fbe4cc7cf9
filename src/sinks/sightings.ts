import { type Identity, LineCodec } from "../load/line.ts";
import { nominalMs } from "../load/line-clock.ts";
import type { LineFrame } from "../load/line-frame.ts";
import { storedFrameOf } from "../load/stored-frame.ts";
import type { ReadWindow } from "./read-window.ts";
import type { ArrivalRecorder } from "./sink.ts";

/** What following a sink has shown so far: which lines have arrived, and when the last one did. Whatever follows a sink extends it. */
export class Sightings {
  readonly sentinels = new Set<string>();
  /** A text with the mark of the run that equals none of its lines; undefined if none was seen. */
  altered: string | undefined;
  /** When a line or a copy of one last arrived, in Unix milliseconds. */
  lastMovedAtMs = Date.now();
  /** How the sink stores the lines, by the first sentinel that was read; undefined before, and for lines in Everyline's own JSON. */
  frame: LineFrame | undefined;
  #codec: LineCodec;
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
    const identity = this.#identityOf(line);
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

  /** The first line of the run that is read intact shows the frame of all. */
  #identityOf(line: string): Identity | undefined {
    const { shape, seed, clock } = this.#codec;
    if (shape !== undefined && this.frame === undefined) {
      this.frame = storedFrameOf(line, this.#codec);
      if (this.frame !== undefined)
        this.#codec = new LineCodec(seed, clock, { ...shape, stored: this.frame });
      else return undefined;
    }
    return this.#codec.decode(line) ?? this.#codec.decodeAmidst(line);
  }
}
