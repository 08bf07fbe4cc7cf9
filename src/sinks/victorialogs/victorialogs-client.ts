import { randomUUID } from "node:crypto";
import { request } from "undici";
import { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import { type Metric, parseMetrics } from "../../base/metrics.ts";
import { ReadError } from "../../base/read-error.ts";
import { askAgain } from "../ask-again.ts";
import { LineSplitter } from "../file/line-splitter.ts";
import type { TimeRange } from "../time-range.ts";
import { parseTimestamp } from "./timestamp.ts";

/** VictoriaLogs 1.52.1 stores no entry above 2 MiB; JSON spells a byte with six characters at the most. */
const maxRowBytes = 6 * 2_097_152 + 65_536;
/** In what a ReadError tells; of an answer that is malformed so many characters. */
const sink = "victorialogs";
const maxShown = 200;
/** Asked again, they are answered the same way. */
const settledAnswers = [400, 401, 403, 404, 405];

/** How to ask VictoriaLogs. */
export interface VictoriaLogsClientOptions {
  /** Asked anew for each request, as a published port moves when a container leaves its network. */
  baseUrl: () => Promise<string | undefined>;
  /** Asked anew for each request, too; ends it when it aborts. */
  signal: () => AbortSignal;
  /** For each request, with its whole answer. */
  timeoutMs: number;
  /** How often a query that failed is asked again; queries change nothing, so asking twice is safe. */
  retries: number;
  /** Sent with every request: a tenant, a password. */
  headers?: Record<string, string>;
}

/** One line as VictoriaLogs holds it. */
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
  /** Matches this stream and no other, as `_stream_id:ID`; its labels match streams with further ones as well. */
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

/** The query API of VictoriaLogs, as far as exact reading needs it. Every answer is checked for its shape. */
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

  /** How many lines a LogsQL filter matches in a range, or at all times, counted by VictoriaLogs. */
  async count(filter: string, range?: TimeRange): Promise<number> {
    const query = `${filter} | stats count() lines`;
    const text = await this.#asked("/select/logsql/query", { query, ...limits(range) });
    return Number(parsed(countSchema, text).lines);
  }

  /** How many lines a LogsQL filter matches, and the times between which they lie; undefined if there are none. */
  async span(filter: string): Promise<{ lines: number; range: TimeRange } | undefined> {
    const query = `${filter} | stats count() lines, min(_time) oldest, max(_time) newest`;
    const text = await this.#asked("/select/logsql/query", { query });
    const { lines, oldest, newest } = parsed(spanSchema, text);
    if (lines === "0") return undefined;
    const range = { startNs: parseTimestamp(oldest), endNs: parseTimestamp(newest) + 1n };
    return { lines: Number(lines), range };
  }

  /**
   * The lines that a LogsQL filter matches in a range, oldest first; those of the same nanosecond in any order. There is no limit: whoever
   * asks chooses ranges that are small enough to be held.
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

  /** Makes what was acknowledged readable at once; it is not written to disk by that. */
  async makeReadable(): Promise<void> {
    await this.#asked("/internal/force_flush", {});
  }

  /** What it counts of itself. */
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
    return askAgain(ask, this.#options, settledAnswers);
  }

  /**
   * Hands on an answer row by row. A query that fails half way has been answered with 200 and breaks its answer off, which undici reports.
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
        body: new URLSearchParams(neverAsked(parameters)).toString(),
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
 * The same question in a text that VictoriaLogs has not been asked yet. For a second or so it answers from memory which streams a selector
 * matches, and so misses a stream that is new, with all of its lines, in answers and counts alike.
 */
function neverAsked({ query, ...rest }: Record<string, string>): Record<string, string> {
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
