import type { ReadError } from "../../base/read-error.ts";
import type { LineCodec } from "../../load/line.ts";
import type { ReadWindow } from "../read-window.ts";
import { Sightings } from "../sightings.ts";
import type { ArrivalRecorder, SinkWatch } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import type { LokiClient } from "./loki-client.ts";
import { type LokiLimits, longestQuestionMs, pageLines } from "./loki-limits.ts";
import type { Stream } from "./loki-streams.ts";
import { piecesOf } from "./range-pieces.ts";

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
export interface LokiWatchOptions {
  /** Answers lines that bear the mark of the run, and no others: what is foreign is never read. */
  client: LokiClient;
  selector: string;
  codec: LineCodec;
  /** Is told of every line seen. */
  arrivals: ArrivalRecorder;
  /** Learns the times of the lines seen. */
  window: ReadWindow;
  /** How many sources there are, each with a sentinel. */
  sources: number;
}

/**
 * Follows Loki stream by stream, each from the newest line that was seen. A line that arrives behind the newest of its stream is passed
 * over.
 */
export class LokiWatch implements SinkWatch {
  readonly #options: LokiWatchOptions;
  readonly #startedAtMs = Date.now();
  readonly #cursors = new Map<string, Cursor>();
  readonly #sightings: Sightings;
  #searchedFromNs: bigint | undefined;
  #limits: LokiLimits | undefined;
  #idleTurn = 0;

  constructor(options: LokiWatchOptions) {
    this.#options = options;
    this.#sightings = new Sightings(options.codec, options.arrivals, options.window);
  }

  get sentinels(): ReadonlySet<string> {
    return this.#sightings.sentinels;
  }

  get altered(): string | undefined {
    return this.#sightings.altered;
  }

  get lastMovedAtMs(): number {
    return this.#sightings.lastMovedAtMs;
  }

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
      this.#sightings.sentinels.size < sources && (longestQuestionMs(limits) ?? Infinity) >= minSearchableMs;
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
        for (const entry of entries) this.#sightings.see(entry, atMs);
        if (entries.length > 0) cursor.isOwn = true;
        const newestNs = entries.at(-1)?.timestampNs ?? fromNs;
        if (newestNs > cursor.timestampNs) this.#sightings.lastMovedAtMs = atMs;
        // A page of lines of one nanosecond may hide others of the same; without a step no other page would follow.
        const isOneMoment = isFull && entries.at(0)?.timestampNs === newestNs;
        fromNs = isOneMoment ? newestNs + 1n : newestNs;
        if (entries.length > 0) cursor.timestampNs = fromNs;
        if (!isFull) break;
      }
    }
  }
}
