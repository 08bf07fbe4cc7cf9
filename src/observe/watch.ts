import type { Arrivals } from "../load/arrivals.ts";
import type { LineCodec } from "../load/line.ts";
import { nominalMs } from "../load/line-clock.ts";
import {
  type Entry,
  type LokiClient,
  piecesOf,
  type Stream,
  type TimeRange,
} from "../sinks/loki/loki-client.ts";
import { type LokiLimits, longestQuestionMs, pageLines } from "../sinks/loki/loki-limits.ts";
import type { ReadWindow } from "../sinks/loki/read-window.ts";
import type { ReadError } from "../sinks/read-error.ts";

interface Cursor {
  stream: Stream;
  /** The newest line seen has this time; the next look starts here again, as further lines may have the same. */
  timestampNs: bigint;
  /** Whether a line of the run was seen in it. */
  isOwn: boolean;
}

/** What Loki answers fewer of at once is asked for more often. */
const linesPerLook = 250_000;
const maxPagesPerLook = 500;
const lookMs = 5_000;
/** Streams in which no line of the run was seen yet and that are looked at in one look. */
const idleStreamsPerLook = 50;
/** Where a question may not be as long, further away is not searched: it would take too many. */
const minSearchableMs = 86_400_000;

/** What a watch looks for, and whom it tells. */
export interface WatchOptions {
  /** Answers lines that bear the mark of the run, and no others: what is foreign is never read. */
  client: LokiClient;
  selector: string;
  codec: LineCodec;
  /** Is told of every line seen. */
  arrivals: Arrivals;
  /** Learns the times of the lines seen. */
  window: ReadWindow;
  /** How many sources there are, each with a sentinel. */
  sources: number;
}

/**
 * Follows a running pipeline: each `look` reads what came since the last, stream by stream. It is how a run knows progress,
 * latency and when all has arrived; it is not evidence of what is lost, since a line that arrives behind the newest of its
 * stream is passed over.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #startedAtMs = Date.now();
  readonly #cursors = new Map<string, Cursor>();
  #searchedFromNs: bigint | undefined;
  #limits: LokiLimits | undefined;
  #idleTurn = 0;
  #sentinels = new Set<string>();
  #altered: string | undefined;
  #lastMovedAtMs = Date.now();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The sources whose sentinel could be read. */
  get sentinels(): ReadonlySet<string> {
    return this.#sentinels;
  }

  /** A text that bears the mark of the run, but is none of its lines, byte for byte; undefined if none was seen. */
  get altered(): string | undefined {
    return this.#altered;
  }

  /** When a line, or a further copy of one, last came, in Unix milliseconds. */
  get lastMovedAtMs(): number {
    return this.#lastMovedAtMs;
  }

  /**
   * Reads what is new.
   *
   * @throws ReadError if Loki does not answer; the next look goes on where this one stopped
   */
  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (thrown) {
      // Whatever it does not allow any more is learned anew.
      if ((thrown as ReadError).status === 400) this.#limits = undefined;
      throw thrown;
    }
  }

  async #look(): Promise<void> {
    const { client, selector } = this.#options;
    this.#limits ??= await client.limits(selector, this.#options.window.range(Date.now()));
    const range = this.#range(this.#limits);
    for (const stream of await client.streams(selector, range)) {
      const key = JSON.stringify(stream.labels);
      const { timestampNs, isOwn } = this.#cursors.get(key) ?? { timestampNs: range.startNs, isOwn: false };
      this.#cursors.set(key, { stream, timestampNs, isOwn });
    }
    const cursors = [...this.#cursors.values()];
    const idle = cursors.filter(({ isOwn }) => !isOwn);
    const first = idle.length === 0 ? 0 : this.#idleTurn % idle.length;
    this.#idleTurn += idleStreamsPerLook;
    const inTurn = [...idle.slice(first), ...idle.slice(0, first)].slice(0, idleStreamsPerLook);
    for (const cursor of [...cursors.filter(({ isOwn }) => isOwn), ...inTurn])
      await this.#follow(cursor, range.endNs, this.#limits);
  }

  /** Until every sentinel has come, lines are looked for further and further away; all streams are then looked at from there. */
  #range(limits: LokiLimits): TimeRange {
    const { window, sources } = this.#options;
    const nowMs = Date.now();
    const isSearch =
      this.#sentinels.size < sources && (longestQuestionMs(limits) ?? Infinity) >= minSearchableMs;
    const range = isSearch ? window.search(nowMs, nowMs - this.#startedAtMs) : window.near(nowMs);
    if (isSearch && (this.#searchedFromNs === undefined || range.startNs < this.#searchedFromNs)) {
      this.#searchedFromNs = range.startNs;
      this.#cursors.clear();
    }
    return range;
  }

  async #follow(cursor: Cursor, endNs: bigint, limits: LokiLimits): Promise<void> {
    const limit = pageLines(limits);
    let pages = Math.min(maxPagesPerLook, Math.ceil(linesPerLook / limit));
    const untilMs = Date.now() + lookMs;
    for (const piece of piecesOf({ startNs: cursor.timestampNs, endNs }, longestQuestionMs(limits))) {
      let fromNs = piece.startNs;
      while (fromNs < piece.endNs) {
        if (pages-- === 0 || Date.now() > untilMs) return;
        const { client } = this.#options;
        const { entries, isFull } = await client.entries(
          cursor.stream,
          { startNs: fromNs, endNs: piece.endNs },
          limit,
        );
        const atMs = Date.now();
        for (const entry of entries) this.#see(entry, atMs);
        if (entries.length > 0) cursor.isOwn = true;
        const newestNs = entries.at(-1)?.timestampNs ?? fromNs;
        if (newestNs > cursor.timestampNs) this.#lastMovedAtMs = atMs;
        // A page of lines of one nanosecond may hide others of the same; without a step no other page would follow.
        const isOneMoment = isFull && entries.at(0)?.timestampNs === newestNs;
        fromNs = isOneMoment ? newestNs + 1n : newestNs;
        if (entries.length > 0) cursor.timestampNs = fromNs;
        if (!isFull) break;
      }
    }
  }

  #see({ timestampNs, line }: Entry, atMs: number): void {
    const { codec, arrivals, window } = this.#options;
    const identity = codec.decode(line);
    if (identity === undefined) {
      this.#altered ??= line;
      return;
    }
    const { source, sequence } = identity;
    if (sequence === 0) {
      this.#sentinels.add(source);
      window.seeSentinel(timestampNs, nominalMs(codec.clock, 0), atMs);
      return;
    }
    window.see(timestampNs);
    if (arrivals.add(source, sequence, atMs)) this.#lastMovedAtMs = atMs;
  }
}
