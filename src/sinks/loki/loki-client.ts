import { randomUUID } from "node:crypto";
import { request } from "undici";
import { z } from "zod";
import { pause } from "../../base/abortable-pause.ts";
import { messageOf } from "../../base/errors.ts";
import { parseMetrics, sumOf } from "../../base/metrics.ts";
import { ReadError } from "../../base/read-error.ts";
import { lokiIngester } from "../../products/loki-ingester.ts";
import { askAgain } from "../ask-again.ts";
import type { Labels } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import {
  defaultLimits,
  type LokiLimits,
  limitsIn,
  limitsRefused,
  longestCountMs,
  longestQuestionMs,
  pageLines,
} from "./loki-limits.ts";

/** A stream as the shipper sends it. Loki splits a busy stream into shards, which count as one stream here. */
export interface Stream {
  labels: Labels;
  /** The LogQL selector that matches this stream and no other. */
  selector: string;
}

/** Loki's answer for a stream and a time range. */
export interface Answer {
  /** Oldest first; entries of the same nanosecond in Loki's order. */
  entries: Entry[];
  /** Whether the answer reached the limit, so that there may be more entries. */
  isFull: boolean;
}

/** One log line as Loki returns it. For each byte of a truncated character Loki 3.6.4 returns one U+FFFD. */
export interface Entry {
  /** Unix nanoseconds. */
  timestampNs: bigint;
  line: string;
}

/** Warnings by which Loki says that an answer is incomplete. */
const warnings = z
  .array(z.string())
  .nullish()
  .refine((texts) => !texts?.length, {
    error: ({ input }) => `Loki itself warns of its answer: ${(input as string[]).join("; ").slice(0, 500)}`,
  });

const seriesSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.array(z.record(z.string(), z.string())),
});

const streamsSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.object({
    resultType: z.literal("streams"),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        // A third element carries structured metadata.
        values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

const vectorSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string().regex(/^\d+$/)]) })),
  }),
});

/** In what a ReadError tells. */
const sink = "loki";
const nanosPerMs = 1_000_000n;
const flushProbeMs = 100;
const maxPieces = 10_000n;
/** Queries stay this far within Loki's lookback limit, because it moves while a query is sent. */
export const lookbackSlackMs = 2_000;
/** One probe more than there are limits that a query can exceed. */
const maxProbes = 6;
/** HTTP statuses after which a retry would get the same answer. */
const settledAnswers = [400, 401, 403, 405];
/** The tenant of all clients if Loki runs without multi-tenancy. */
const onlyTenant = "fake";

/** How to query Loki. */
export interface LokiClientOptions {
  /** Called for each request, because a published port changes when a container leaves its network. */
  baseUrl: () => Promise<string | undefined>;
  /** Called for each request; its signal aborts the request. */
  signal: () => AbortSignal;
  /** The timeout of each request: a Loki whose frontend has not found its scheduler never answers. */
  timeoutMs: number;
  /** How often a failed query is retried. Queries change nothing, so repeating them is safe. */
  retries: number;
  /** Headers of every request, such as a tenant or a password. */
  headers?: Record<string, string>;
  /** Text that a line must contain to be returned and counted, if other sources share the streams. */
  lineFilter?: string | undefined;
}

/** The part of Loki's query API that exact reading needs. The shape of every answer is checked. */
export class LokiClient {
  readonly #options: LokiClientOptions;
  #limits = defaultLimits;

  constructor(options: LokiClientOptions) {
    this.#options = options;
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
      series.push(...(await this.#get(seriesSchema, "/loki/api/v1/series", parameters)).data);
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
  async entries({ labels, selector }: Stream, range: TimeRange, limit: number, filter = ""): Promise<Answer> {
    const [reachable] = this.#pieces(range, undefined);
    if (reachable === undefined) return { entries: [], isFull: false };
    const { data } = await this.#get(streamsSchema, "/loki/api/v1/query_range", {
      query: this.#filtered(`${selector}${filter}`),
      start: `${reachable.startNs}`,
      end: `${reachable.endNs}`,
      limit: `${limit}`,
      direction: "forward",
    });
    const answered = data.result.reduce((sum, { values }) => sum + values.length, 0);
    const shards = data.result.filter((candidate) => isSameLabels(withoutShard(candidate.stream), labels));
    const answers = shards.map(({ values }) =>
      values.map(([timestamp, line]) => ({ timestampNs: BigInt(timestamp), line })),
    );
    for (const answer of answers)
      if (!isInOrder(answer)) throw new ReadError({ code: "out-of-order", sink, stream: selector });
    const entries = answers.flat();
    if (answers.length > 1)
      entries.sort((one, other) =>
        one.timestampNs < other.timestampNs ? -1 : Number(one.timestampNs > other.timestampNs),
      );
    return { entries, isFull: answered >= limit };
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
    const { data } = await this.#get(vectorSchema, "/loki/api/v1/query", {
      query: `sum(count_over_time(${query}[${rangeMs}ms]))`,
      // The range of count_over_time is (start, end], that of a log query is [start, end).
      time: `${endNs - 1n}`,
    });
    return data.result.reduce((sum, { value }) => sum + Number(value[1]), 0);
  }

  /** How many lines in a range are equal to one of some texts, counted by Loki; see `count`. */
  async countEqual(selector: string, range: TimeRange, texts: string[]): Promise<number> {
    const pattern = `^(?:${texts.map(literal).join("|")})$`;
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
        const learned = thrown instanceof ReadError ? limitsRefused(thrown.problem) : {};
        if (Object.keys(learned).length === 0 || probe === maxProbes) throw thrown;
        this.#limits = { ...this.#limits, ...learned };
      }
    }
  }

  /** The limits that Loki reports at a path; empty if access is denied or the path has another content. */
  async #toldBy(path: string, headers?: Record<string, string>): Promise<Partial<LokiLimits>> {
    try {
      return limitsIn(await this.#retried(() => this.#request("GET", path, headers)));
    } catch (thrown) {
      if ((thrown as ReadError).name === "ReadError") return {};
      throw thrown;
    }
  }

  async #probe(selector: string, { startNs, endNs }: TimeRange): Promise<void> {
    const none = { labels: {}, selector: selector.replace("{", `{everyline="${asker}", `) };
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
    await this.#request("POST", "/flush");
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
    return uncached(query) + (lineFilter === undefined ? "" : ` |= ${JSON.stringify(lineFilter)}`);
  }

  async #flushProgress(): Promise<{ queued: number; flushed: number }> {
    const metrics = parseMetrics(await this.#request("GET", "/metrics"));
    return {
      queued: sumOf(metrics, "loki_ingester_flush_queue_length"),
      flushed: sumOf(metrics, lokiIngester.counters.chunksFlushed),
    };
  }

  async #get<Answer>(
    schema: z.ZodType<Answer>,
    path: string,
    parameters: Record<string, string>,
  ): Promise<Answer> {
    return this.#retried(async () => {
      const text = await this.#request("GET", `${path}?${new URLSearchParams(parameters)}`);
      return parsed(schema, text, path);
    });
  }

  async #retried<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return askAgain(ask, this.#options, settledAnswers);
  }

  async #request(
    method: "GET" | "POST",
    path: string,
    headers: Record<string, string> = this.#options.headers ?? {},
  ): Promise<string> {
    const base = await this.#options.baseUrl();
    if (base === undefined) throw new ReadError({ code: "unpublished", sink });
    const caller = this.#options.signal();
    const signal = AbortSignal.any([caller, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const { statusCode, body } = await request(base + path, {
        method,
        signal,
        // With this flag Loki does not mix structured metadata into the labels, which would split streams.
        headers: { ...headers, "x-loki-response-encoding-flags": "categorize-labels" },
        reset: true,
      });
      const text = await body.text();
      if (statusCode >= 300)
        throw new ReadError({ code: "refused", sink, status: statusCode, answer: shortened(text) });
      return text;
    } catch (thrown) {
      caller.throwIfAborted();
      if (thrown instanceof ReadError) throw thrown;
      throw new ReadError({
        code: "unanswered",
        sink,
        path: path.split("?")[0]!,
        message: messageOf(thrown),
      });
    }
  }
}

function parsed<Answer>(schema: z.ZodType<Answer>, text: string, path: string): Answer {
  try {
    return schema.parse(JSON.parse(text));
  } catch (thrown) {
    if (/^\s*</.test(text)) throw new ReadError({ code: "page", sink, path, words: shortened(text) });
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new ReadError({ code: "malformed", sink, path, why, answer: null });
  }
}

/** The beginning of an answer, and of an HTML page only its text: enough to identify what sent it. */
function shortened(text: string): string {
  const words = /^\s*</.test(text) ? text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, " ") : text;
  return words.trim().replace(/\s+/g, " ").slice(0, 500);
}

/**
 * Splits a range into pieces that are no longer than allowed, in order.
 *
 * @throws ReadError if that takes too many queries
 */
export function piecesOf({ startNs, endNs }: TimeRange, longestMs: number | undefined): TimeRange[] {
  const length = longestMs === undefined ? endNs - startNs : BigInt(longestMs) * nanosPerMs;
  if (endNs - startNs <= length) return [{ startNs, endNs }];
  if ((endNs - startNs) / length > maxPieces)
    throw new ReadError({
      code: "range-limited",
      sink,
      limits: ["max_query_length", "max_query_range"],
      longestMs: longestMs!,
      rangeSeconds: Number((endNs - startNs) / nanosPerMs / 1_000n),
    });
  const pieces: TimeRange[] = [];
  for (let fromNs = startNs; fromNs < endNs; fromNs += length)
    pieces.push({ startNs: fromNs, endNs: fromNs + length < endNs ? fromNs + length : endNs });
  return pieces;
}

let questions = 0;
const asker = randomUUID();

/**
 * Changes the text of a LogQL query without changing what it matches, so that every query is new. Loki caches which streams it had in parts
 * of a range that ended more than ten minutes ago, so a backlog that arrives later would never be seen by a repeated query. Loki respects
 * `Cache-Control: no-cache` only for some kinds of queries.
 */
function uncached(query: string): string {
  questions++;
  return query.replace("{", `{everyline!="${asker}-${questions}", `);
}

/** A regular expression (RE2) that matches exactly this text. */
function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** Loki's own label of the shards of a stream (`limits_config.shard_streams`). */
const shardLabel = "__stream_shard__";

/**
 * The streams of some label sets, with shards combined. A selector also matches streams with additional labels, so each selector also
 * excludes the labels that only other streams have.
 */
export function streamsOf(series: Labels[]): Stream[] {
  const names = [...new Set(series.flatMap((labels) => Object.keys(withoutShard(labels))))].sort();
  const selectors = new Map(
    series.map((labels) => {
      const matchers = names.map((name) => `${name}=${JSON.stringify(labels[name] ?? "")}`);
      return [`{${matchers.join(", ")}}`, withoutShard(labels)];
    }),
  );
  return [...selectors].map(([selector, labels]) => ({ labels, selector }));
}

/** Labels sorted by name, because Loki returns the labels of a stream in varying order. */
function withoutShard({ [shardLabel]: _, ...labels }: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort());
}

function isInOrder(entries: Entry[]): boolean {
  return entries.every(
    ({ timestampNs }, index) => index === 0 || timestampNs >= entries[index - 1]!.timestampNs,
  );
}

function isSameLabels(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
