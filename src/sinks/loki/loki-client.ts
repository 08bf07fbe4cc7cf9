import { pause } from "../../base/abortable-pause.ts";
import { parseMetrics, sumOf } from "../../base/metrics.ts";
import { ReadError } from "../../base/read-error.ts";
import { lokiIngester } from "../../products/loki-ingester.ts";
import type { Labels, SoughtTexts } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import { containing, literal, matchingNothing, uncached } from "./logql.ts";
import { seriesSchema, statsSchema, vectorSchema } from "./loki-answer-schemas.ts";
import type { AnsweredStream, Entry } from "./loki-entry.ts";
import {
  defaultLimits,
  isNotUnderstood,
  type LokiLimits,
  limitsIn,
  limitsRefused,
  longestCountMs,
  longestQuestionMs,
  pageLines,
} from "./loki-limits.ts";
import { type LokiRequestOptions, LokiRequests } from "./loki-requests.ts";
import { isSameLabels, type Stream, streamsOf, withoutShard } from "./loki-streams.ts";
import { piecesOf } from "./range-pieces.ts";

/** Loki's answer for a stream and a time range. */
export interface Answer {
  /** Oldest first; entries of the same nanosecond in Loki's order. */
  entries: Entry[];
  /** Whether the answer reached the limit, so that there may be more entries. */
  isFull: boolean;
}

/** The sink's kind in a ReadError. */
const sink = "loki";
const nanosPerMs = 1_000_000n;
const flushProbeMs = 100;
/** Queries stay this far within Loki's lookback limit, because it moves while a query is sent. */
export const lookbackSlackMs = 2_000;
/** One probe more than there are limits that a query can exceed. */
const maxProbes = 6;
/** Where Loki notes the level of a line, in its structured metadata (`discover_log_levels`). */
const levelLabel = "detected_level";
/** The tenant of all clients if Loki runs without multi-tenancy. */
const onlyTenant = "fake";

/** How to query Loki. */
export interface LokiClientOptions extends LokiRequestOptions {
  /** Text that a line must contain to be returned and counted, if other sources share the streams. */
  lineFilter?: string | undefined;
}

/** The part of Loki's query API that exact reading needs. The shape of every answer is checked. */
export class LokiClient {
  readonly #options: LokiClientOptions;
  readonly #requests: LokiRequests;
  #limits = defaultLimits;
  /** Whether this Loki can leave out what it notes about each line; those before 2.9 cannot. */
  #knowsDrop = true;

  constructor(options: LokiClientOptions) {
    this.#options = options;
    this.#requests = new LokiRequests(options);
  }

  /** The known limits of this Loki: the defaults until `limits` has been called. */
  get known(): LokiLimits {
    return this.#limits;
  }

  /** The longest time range of one query for lines, in milliseconds; undefined if there is no limit. */
  get longestQuestionMs(): number | undefined {
    return longestQuestionMs(this.#limits);
  }

  /** All streams that match a selector and have a line in a range. */
  async streams(selector: string, range: TimeRange): Promise<Stream[]> {
    const series: Labels[] = [];
    for (const { startNs, endNs } of this.#pieces(range, longestQuestionMs(this.#limits))) {
      const parameters = { "match[]": uncached(selector), start: `${startNs}`, end: `${endNs}` };
      series.push(...(await this.#requests.get(seriesSchema, "/loki/api/v1/series", parameters)).data);
    }
    return streamsOf(series);
  }

  /**
   * The oldest lines of one stream in a range.
   *
   * @param range no longer than Loki allows for one query, see `limits`
   * @param limit the maximum number of lines in the answer
   * @param filter a LogQL line filter, like `|= "text"`
   * @throws ReadError if the answer is not in order of time
   */
  async entries(stream: Stream, range: TimeRange, limit: number, filter = ""): Promise<Answer> {
    const { labels, selector } = stream;
    const streams = await this.#lines(stream, range, limit, filter);
    const answered = streams.reduce((sum, { entries }) => sum + entries.length, 0);
    const shards = streams.filter((candidate) => isSameLabels(withoutShard(candidate.labels), labels));
    const answers = shards.map(({ entries }) => entries);
    for (const answer of answers)
      if (!isInOrder(answer)) throw new ReadError({ code: "out-of-order", sink, stream: selector });
    if (answers.length < 2) return { entries: answers[0] ?? [], isFull: answered >= limit };
    const entries = answers
      .flat()
      .sort((one, other) =>
        one.timestampNs < other.timestampNs ? -1 : Number(one.timestampNs > other.timestampNs),
      );
    return { entries, isFull: answered >= limit };
  }

  /** The time of the newest line of a stream in a range, in Unix nanoseconds; undefined if Loki returns none. */
  async newestNs(stream: Stream, range: TimeRange): Promise<bigint | undefined> {
    const [answer] = await this.#lines(stream, range, 1, "", "backward");
    return answer?.entries[0]?.timestampNs;
  }

  async #lines(
    { labels, selector }: Stream,
    range: TimeRange,
    limit: number,
    filter: string,
    direction = "forward",
  ): Promise<AnsweredStream[]> {
    const [reachable] = this.#pieces(range, undefined);
    if (reachable === undefined) return [];
    return this.#requests.streams("/loki/api/v1/query_range", {
      query: this.#filtered(`${selector}${filter}`) + this.#withoutMetadata(labels),
      start: `${reachable.startNs}`,
      end: `${reachable.endNs}`,
      limit: `${limit}`,
      direction,
    });
  }

  /**
   * About how many lines match a selector in a range: Loki adds up what its chunks say of themselves, and counts some twice.
   *
   * @returns 0 if it does not say
   */
  async estimate(selector: string, range: TimeRange): Promise<number> {
    try {
      let lines = 0;
      for (const { startNs, endNs } of this.#pieces(range, longestQuestionMs(this.#limits))) {
        const parameters = { query: selector, start: `${startNs}`, end: `${endNs}` };
        lines += (await this.#requests.get(statsSchema, "/loki/api/v1/index/stats", parameters)).entries;
      }
      return lines;
    } catch (thrown) {
      if (thrown instanceof ReadError) return 0;
      throw thrown;
    }
  }

  /**
   * How many lines match a selector in a range of whole milliseconds, counted by Loki. The count is never lower than the number of lines
   * that Loki returns, because it includes some copies that Loki omits from its answers.
   */
  async count(selector: string, range: TimeRange): Promise<number> {
    let lines = 0;
    for (const piece of this.#pieces(range, longestCountMs(this.#limits)))
      lines += await this.#countAtOnce(this.#filtered(selector), piece);
    return lines;
  }

  async #countAtOnce(query: string, { startNs, endNs }: TimeRange): Promise<number> {
    const rangeMs = (endNs - startNs) / nanosPerMs;
    const { data } = await this.#requests.get(vectorSchema, "/loki/api/v1/query", {
      query: `sum(count_over_time(${query}[${rangeMs}ms]))`,
      // The range of count_over_time is (start, end], that of a log query is [start, end).
      time: `${endNs - 1n}`,
    });
    return data.result.reduce((sum, { value }) => sum + Number(value[1]), 0);
  }

  /** How many lines in a range are equal to one of some texts, or contain one, counted by Loki; see `count`. */
  async countAnyOf(selector: string, range: TimeRange, { texts, are }: SoughtTexts): Promise<number> {
    const anyOf = `(?:${texts.map(literal).join("|")})`;
    const pattern = are === "whole" ? `^${anyOf}$` : anyOf;
    return this.count(`${selector} |~ ${JSON.stringify(pattern)}`, range);
  }

  /**
   * Determines the query limits of this Loki for a selector and a range, and observes them from then on. It first reads the limits that
   * Loki reports. Then it sends two queries that match no line, because `/config` does not show limits of a single tenant. Loki refuses a
   * query that exceeds such a limit, and its message names the limit.
   *
   * @throws ReadError if Loki refuses the queries for another reason
   */
  async limits(selector: string, range: TimeRange): Promise<LokiLimits> {
    const { headers = {} } = this.#options;
    const ofAll = await this.#toldBy("/config");
    const ofTenant = await this.#toldBy("/config/tenant/v1/limits", {
      ...headers,
      "x-scope-orgid": headers["x-scope-orgid"] ?? onlyTenant,
    });
    this.#limits = { ...defaultLimits, ...ofAll, ...ofTenant };
    for (let probe = 1; ; probe++) {
      try {
        await this.#probe(selector, range);
        return this.#limits;
      } catch (thrown) {
        if (thrown instanceof ReadError && isNotUnderstood(thrown.problem) && this.#knowsDrop) {
          this.#knowsDrop = false;
          continue;
        }
        const learned = thrown instanceof ReadError ? limitsRefused(thrown.problem) : {};
        if (Object.keys(learned).length === 0 || probe === maxProbes) throw thrown;
        this.#limits = { ...this.#limits, ...learned };
      }
    }
  }

  /** The limits that Loki reports at a path; empty if access is denied or the path has another content. */
  async #toldBy(path: string, headers?: Record<string, string>): Promise<Partial<LokiLimits>> {
    try {
      return limitsIn(await this.#requests.retried(() => this.#requests.request("GET", path, headers)));
    } catch (thrown) {
      if ((thrown as ReadError).name === "ReadError") return {};
      throw thrown;
    }
  }

  async #probe(selector: string, { startNs, endNs }: TimeRange): Promise<void> {
    const none = { labels: {}, selector: matchingNothing(selector) };
    const [piece] = this.#pieces({ startNs, endNs }, longestQuestionMs(this.#limits));
    if (piece !== undefined) await this.entries(none, piece, pageLines(this.#limits));
    const [counted] = this.#pieces({ startNs, endNs }, longestCountMs(this.#limits));
    if (counted !== undefined) await this.#countAtOnce(this.#filtered(none.selector), counted);
  }

  /** Splits a range into pieces that Loki allows, without the part beyond its lookback limit, for which it refuses some queries. */
  #pieces({ startNs, endNs }: TimeRange, longestMs: number | undefined): TimeRange[] {
    const { maxLookbackMs } = this.#limits;
    const oldestNs = BigInt(Date.now() - Math.floor(maxLookbackMs) + lookbackSlackMs) * nanosPerMs;
    const fromNs = maxLookbackMs > 0 && oldestNs > startNs ? oldestNs : startNs;
    return fromNs < endNs ? piecesOf({ startNs: fromNs, endNs }, longestMs) : [];
  }

  /**
   * Tells Loki to write its chunks to the store and waits until it has finished: its queue is empty, and two probes, `flushProbeMs` apart,
   * find the same number of written chunks. A chunk that is still being written then is readable nevertheless.
   */
  async flush(): Promise<void> {
    await this.#requests.request("POST", "/flush");
    const deadlineMs = Date.now() + this.#options.timeoutMs;
    let before = await this.#flushProgress();
    while (Date.now() < deadlineMs) {
      await pause(flushProbeMs, this.#options.signal());
      const now = await this.#flushProgress();
      if (now.queued === 0 && now.flushed === before.flushed) return;
      before = now;
    }
    throw new ReadError({ code: "still-flushing", sink, afterSeconds: this.#options.timeoutMs / 1_000 });
  }

  /** A query text that Loki has not seen before, restricted to the lines of interest. */
  #filtered(query: string): string {
    const { lineFilter } = this.#options;
    return uncached(query) + (lineFilter === undefined ? "" : containing(lineFilter));
  }

  /**
   * Leaves the level out that Loki notes for each line by itself. Nobody asks for it, and Loki 3.6.4 takes half as long again to answer with it,
   * because it parses the labels of each line anew.
   */
  #withoutMetadata(labels: Labels): string {
    return this.#knowsDrop && !(levelLabel in labels) ? ` | drop ${levelLabel}` : "";
  }

  async #flushProgress(): Promise<{ queued: number; flushed: number }> {
    const metrics = parseMetrics(await this.#requests.request("GET", "/metrics"));
    return {
      queued: sumOf(metrics, "loki_ingester_flush_queue_length"),
      flushed: sumOf(metrics, lokiIngester.counters.chunksFlushed),
    };
  }
}

function isInOrder(entries: Entry[]): boolean {
  return entries.every(
    ({ timestampNs }, index) => index === 0 || timestampNs >= entries[index - 1]!.timestampNs,
  );
}
