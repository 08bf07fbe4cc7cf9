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
  /** The time of the newest line that was seen. The next poll starts at this time, because more lines may have the same time. */
  timestampNs: bigint;
  /** Whether a line of the run was seen in the stream. */
  isOwn: boolean;
}

/** The maximum number of lines read in one poll. If Loki allows fewer in one answer, the poll sends more queries. */
const linesPerLook = 250_000;
const maxPagesPerLook = 500;
const lookMs = 5_000;
/** How many streams without a line of the run are queried in one poll. */
const idleStreamsPerLook = 50;
/** If Loki does not allow queries of this length, the search is not extended to earlier times, because that would take too many queries. */
const minSearchableMs = 86_400_000;

/** What a watch reads, and what it updates. */
export interface LokiWatchOptions {
  /** A client that returns only lines with the mark of the run, so lines of other sources are never read. */
  client: LokiClient;
  selector: string;
  codec: LineCodec;
  /** Receives every line that was seen. */
  arrivals: ArrivalRecorder;
  /** Receives the times of the lines that were seen. */
  window: ReadWindow;
  /** How many sources there are, each with a sentinel. */
  sources: number;
}

/** Follows Loki stream by stream, each from its newest seen line. A line that arrives with an earlier time than that is not seen. */
export class LokiWatch extends Sightings implements SinkWatch {
  readonly #options: LokiWatchOptions;
  readonly #startedAtMs = Date.now();
  readonly #cursors = new Map<string, Cursor>();
  #searchedFromNs: bigint | undefined;
  #limits: LokiLimits | undefined;
  #idleTurn = 0;

  constructor(options: LokiWatchOptions) {
    super(options.codec, options.arrivals, options.window);
    this.#options = options;
  }

  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (thrown) {
      // The limits may have changed, so they are determined again.
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

  /** Until every sentinel has arrived, the search range grows; all streams are then followed from its start. */
  #range(limits: LokiLimits): TimeRange {
    const { window, sources } = this.#options;
    const nowMs = Date.now();
    const isSearch =
      this.sentinels.size < sources && (longestQuestionMs(limits) ?? Infinity) >= minSearchableMs;
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
        for (const entry of entries) this.see(entry, atMs);
        if (entries.length > 0) cursor.isOwn = true;
        const newestNs = entries.at(-1)?.timestampNs ?? fromNs;
        if (newestNs > cursor.timestampNs) this.lastMovedAtMs = atMs;
        // A page whose lines all have the same time may hide more of them. Without moving on, the next query would return the same page.
        const isOneMoment = isFull && entries.at(0)?.timestampNs === newestNs;
        fromNs = isOneMoment ? newestNs + 1n : newestNs;
        if (entries.length > 0) cursor.timestampNs = fromNs;
        if (!isFull) break;
      }
    }
  }
}
