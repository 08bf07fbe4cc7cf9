import { ReadError } from "../../base/read-error.ts";
import { markOf } from "../../load/line.ts";
import type { SinkKind } from "../../pipeline/sink-kind.ts";
import { ReadWindow } from "../read-window.ts";
import {
  batchWaitMs,
  type ObservedEntry,
  type ReadExtent,
  type SinkReader,
  type SoughtTexts,
  type Unflushed,
  type WantedLines,
} from "../sink.ts";
import { inGroups } from "../sought-texts.ts";
import type { TimeRange } from "../time-range.ts";
import { containing } from "./logql.ts";
import { type LokiClient, lookbackSlackMs } from "./loki-client.ts";
import { longestCountMs } from "./loki-limits.ts";
import { readLoki } from "./loki-reader.ts";

const nanosPerMs = 1_000_000n;
/**
 * Loki 3.6.4 returns no line from its store whose time is in the future. So reading waits until the newest line's time has come, but at
 * most this long.
 */
const maxAheadMs = 10_000;
/** How many texts one query asks for: each is a part of its regular expression. */
const textsPerQuery = 20;
/** The maximum number of additional queries outside the window before lines are counted as lost. */
const maxQuestionsBeyond = 400;

/** What reading Loki needs. */
export interface LokiReadingOptions {
  client: LokiClient;
  /** The instances that hold lines in memory. */
  ingesters: LokiClient[];
  selector: string;
  /** The times of the lines in Loki, as following them has shown; if absent, those of the lines' own clock. */
  window?: ReadWindow | undefined;
  /** Waits for a number of milliseconds. */
  wait: (ms: number) => Promise<void>;
}

/** Reads everything of a run from Loki. */
export class LokiReading implements SinkReader {
  readonly kind: SinkKind = "loki";
  readonly lateCopiesMs = batchWaitMs;
  readonly #options: LokiReadingOptions;
  #window: ReadWindow | undefined;
  #readAtMs = Date.now();

  constructor(options: LokiReadingOptions) {
    this.#options = options;
    this.#window = options.window;
  }

  get selector(): string {
    return this.#options.selector;
  }

  async read(
    { seed, clock, line }: WantedLines,
    onEntry: (entry: ObservedEntry) => void,
  ): Promise<ReadExtent> {
    const { client, selector } = this.#options;
    this.#window ??= new ReadWindow(clock);
    this.#readAtMs = Date.now();
    return readLoki(client, selector, this.#range, onEntry, markOf(seed, line));
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    const { client, selector } = this.#options;
    for (const group of inGroups(sought, textsPerQuery)) {
      const found = await client.countAnyOf(selector, this.#range, group);
      if (found > 0) return found;
    }
    return 0;
  }

  async countOf({ seed, clock, line }: WantedLines): Promise<number> {
    const { client, selector } = this.#options;
    this.#window ??= new ReadWindow(clock);
    return client.count(`${selector}${containing(markOf(seed, line))}`, this.#window.expected(Date.now()));
  }

  async assertNothingBeyond({ seed, line }: WantedLines): Promise<void> {
    const { client, selector } = this.#options;
    const window = this.#window!;
    const { maxLookbackMs } = client.known;
    const oldestMs = Number(window.expected(this.#readAtMs).startNs / nanosPerMs);
    if (maxLookbackMs > 0 && Date.now() - oldestMs > maxLookbackMs - lookbackSlackMs)
      throw new ReadError({
        code: "age-limited",
        sink: this.kind,
        limits: ["max_query_lookback"],
        oldestSeconds: maxLookbackMs / 1_000,
        firstLineSeconds: Math.round((this.#readAtMs - oldestMs) / 1_000),
      });
    const longestMs = longestCountMs(client.known) ?? Number.POSITIVE_INFINITY;
    for (const range of window.beyond(this.#readAtMs)) {
      if (Number((range.endNs - range.startNs) / nanosPerMs) / longestMs > maxQuestionsBeyond) continue;
      const lines = await client
        .count(`${selector}${containing(markOf(seed, line))}`, range)
        .catch((thrown) => {
          // A range of days may be too long for a busy Loki to answer in time, and nothing indicates that it contains lines.
          if (thrown instanceof ReadError) return 0;
          throw thrown;
        });
      if (lines > 0)
        throw new ReadError({ code: "other-times", sink: this.kind, lines, ...millisecondsOf(this.#range) });
    }
  }

  async flush(): Promise<Unflushed | undefined> {
    const aheadMs = this.#window?.aheadMs(Date.now()) ?? 0;
    if (aheadMs > maxAheadMs) return { aheadMs };
    await this.#options.wait(aheadMs);
    await Promise.all(this.#options.ingesters.map((ingester) => ingester.flush()));
    return undefined;
  }

  /** The time range of the last `read`. */
  get #range(): TimeRange {
    return this.#window!.range(this.#readAtMs);
  }
}

function millisecondsOf({ startNs, endNs }: TimeRange): { fromMs: number; toMs: number } {
  return { fromMs: Number(startNs / nanosPerMs), toMs: Number(endNs / nanosPerMs) };
}
