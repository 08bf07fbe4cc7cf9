import { randomUUID } from "node:crypto";
import { request } from "undici";
import { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import { type Metric, parseMetrics } from "../../base/metrics.ts";
import { ReadError } from "../../base/read-error.ts";
import { LineSplitter } from "../file/line-splitter.ts";
import { queryWithRetries } from "../query-with-retries.ts";
import type { TimeRange } from "../time-range.ts";
import { parseTimestamp } from "./timestamp.ts";

/** VictoriaLogs 1.52.1 stores no entry above 2 MiB; in JSON a byte takes at most six characters. */
const maxRowBytes = 6 * 2_097_152 + 65_536;
/** In what a ReadError tells; of an answer that is malformed so many characters. */
const sink = "victorialogs";
const maxShown = 200;
/** HTTP statuses after which a retry would get the same answer. */
const settledAnswers = [400, 401, 403, 404, 405];

/** How to query VictoriaLogs. */
export interface VictoriaLogsClientOptions {
  /** Called for each request, because a published port changes when a container leaves its network. */
  baseUrl: () => Promise<string | undefined>;
  /** Called for each request; its signal aborts the request. */
  signal: () => AbortSignal;
  /** The timeout of each request, including its complete answer. */
  timeoutMs: number;
  /** How often a failed query is retried. Queries change nothing, so repeating them is safe. */
  retries: number;
  /** Headers of every request, such as a tenant or a password. */
  headers?: Record<string, string>;
}

/** One line as VictoriaLogs returns it. */
export interface VictoriaLogsEntry {
  timestampNs: bigint;
  line: string;
  /** The stream as VictoriaLogs writes it. */
  stream: string;
}

/** A stream that a filter matches. */
export interface MatchedStream {
  /** As VictoriaLogs writes it: `{filename="/logs/app-1.log",job="logs"}`. */
  stream: string;
  /** Identifies exactly this stream in a filter `_stream_id:ID`. A filter by its labels would also match streams with additional labels. */
  id: string;
  /** How many of its lines the filter matches. */
  lines: number;
}

const rowSchema = z.object({
  _time: z.string(),
  _msg: z.string().default(""),
  _stream: z.string().default("{}"),
});

const countSchema = z.object({ lines: z.string().regex(/^\d+$/) });

const spanSchema = countSchema.extend({ oldest: z.string().default(""), newest: z.string().default("") });

const streamSchema = countSchema.extend({
  _stream: z.string().default("{}"),
  _stream_id: z.string().regex(/^[0-9a-f]+$/),
});

/** The part of VictoriaLogs's query API that exact reading needs. The shape of every answer is checked. */
export class VictoriaLogsClient {
  readonly #options: VictoriaLogsClientOptions;

  constructor(options: VictoriaLogsClientOptions) {
    this.#options = options;
  }

  /** The streams that a LogsQL filter matches, and how many lines of each it matches. */
  async streams(filter: string): Promise<MatchedStream[]> {
    const query = `${filter} | stats by (_stream, _stream_id) count() lines`;
    const text = await this.#asked("/select/logsql/query", { query });
    return text
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => {
        const { _stream, _stream_id, lines } = parsed(streamSchema, row);
        return { stream: _stream, id: _stream_id, lines: Number(lines) };
      });
  }

  /** How many lines a LogsQL filter matches in a range, or at any time, counted by VictoriaLogs. */
  async count(filter: string, range?: TimeRange): Promise<number> {
    const query = `${filter} | stats count() lines`;
    const text = await this.#asked("/select/logsql/query", { query, ...limits(range) });
    return Number(parsed(countSchema, text).lines);
  }

  /** How many lines a LogsQL filter matches, and the range of their times; undefined if there are none. */
  async span(filter: string): Promise<{ lines: number; range: TimeRange } | undefined> {
    const query = `${filter} | stats count() lines, min(_time) oldest, max(_time) newest`;
    const text = await this.#asked("/select/logsql/query", { query });
    const { lines, oldest, newest } = parsed(spanSchema, text);
    if (lines === "0") return undefined;
    const range = { startNs: parseTimestamp(oldest), endNs: parseTimestamp(newest) + 1n };
    return { lines: Number(lines), range };
  }

  /**
   * The lines that a LogsQL filter matches in a range, oldest first; those of the same nanosecond in any order. The number of lines is not
   * limited, so callers must choose ranges that fit into memory.
   */
  async entries(filter: string, range: TimeRange): Promise<VictoriaLogsEntry[]> {
    return this.#entries(`${filter} | fields _time, _msg, _stream | sort by (_time)`, limits(range));
  }

  /** The oldest line that a LogsQL filter matches; undefined if there is none. */
  async first(filter: string): Promise<VictoriaLogsEntry | undefined> {
    const query = `${filter} | fields _time, _msg, _stream | sort by (_time) limit 1`;
    return (await this.#entries(query, {})).at(0);
  }

  async #entries(query: string, range: Record<string, string>): Promise<VictoriaLogsEntry[]> {
    const parameters = { query, ...range };
    return this.#retried(async () => {
      const entries: VictoriaLogsEntry[] = [];
      await this.#request("/select/logsql/query", parameters, (row) => entries.push(entryOf(row)));
      return entries;
    });
  }

  /** Makes acknowledged lines readable at once; this does not write them to disk. */
  async makeReadable(): Promise<void> {
    await this.#asked("/internal/force_flush", {});
  }

  /** Its own metrics. */
  async metrics(): Promise<Metric[]> {
    return parseMetrics(await this.#asked("/metrics", {}));
  }

  async #asked(path: string, parameters: Record<string, string>): Promise<string> {
    return this.#retried(async () => {
      const rows: string[] = [];
      await this.#request(path, parameters, (row) => rows.push(row));
      return rows.join("\n");
    });
  }

  async #retried<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return queryWithRetries(ask, this.#options, settledAnswers);
  }

  /**
   * Passes on an answer row by row. A query that fails halfway has already been answered with 200; its answer is then cut off, which undici
   * reports as an error.
   */
  async #request(
    path: string,
    parameters: Record<string, string>,
    onRow: (row: string) => void,
  ): Promise<void> {
    const base = await this.#options.baseUrl();
    if (base === undefined) throw new ReadError({ code: "unpublished", sink });
    const caller = this.#options.signal();
    const signal = AbortSignal.any([caller, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const { statusCode, body } = await request(base + path, {
        method: "POST",
        signal,
        headers: { ...this.#options.headers, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(uncached(parameters)).toString(),
        reset: true,
      });
      if (statusCode >= 300) {
        const text = (await body.text()).trim().slice(0, 500);
        throw new ReadError({ code: "refused", sink, status: statusCode, answer: text });
      }
      const splitter = new LineSplitter((row) => row !== "" && onRow(row), maxRowBytes);
      for await (const chunk of body) splitter.push(chunk as Buffer);
      splitter.end();
    } catch (thrown) {
      caller.throwIfAborted();
      if (thrown instanceof ReadError) throw thrown;
      throw new ReadError({ code: "unanswered", sink, path, message: messageOf(thrown) });
    }
  }
}

/**
 * Changes the text of a query without changing what it matches, so that every query is new. For about a second VictoriaLogs caches which
 * streams a selector matches, so a repeated query misses a new stream with all its lines, in answers and in counts.
 */
function uncached({ query, ...rest }: Record<string, string>): Record<string, string> {
  if (query === undefined) return rest;
  questions++;
  return { ...rest, query: query.replace("{", `{everyline!="${asker}-${questions}",`) };
}

let questions = 0;
const asker = randomUUID();

function limits(range: TimeRange | undefined): Record<string, string> {
  return range === undefined ? {} : { start: `${range.startNs}`, end: `${range.endNs}` };
}

function entryOf(row: string): VictoriaLogsEntry {
  const { _time, _msg, _stream } = parsed(rowSchema, row);
  return { timestampNs: parseTimestamp(_time), line: _msg, stream: _stream };
}

function parsed<Answer>(schema: z.ZodType<Answer>, text: string): Answer {
  try {
    return schema.parse(JSON.parse(text));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new ReadError({ code: "malformed", sink, path: null, why, answer: text.slice(0, maxShown) });
  }
}
