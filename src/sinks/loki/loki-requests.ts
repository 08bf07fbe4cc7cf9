import { request as send } from "undici";
import type { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import { queryWithRetries } from "../query-with-retries.ts";
import { parsed, shortened, streamsInJson } from "./loki-answer-schemas.ts";
import type { AnsweredStream } from "./loki-entry.ts";
import { protobufType, streamsInProtobuf } from "./protobuf-answer.ts";

/** The sink's kind in a ReadError. */
const sink = "loki";
/** HTTP statuses after which a retry would get the same answer. */
const settledAnswers = [400, 401, 403, 405, 406];
/** The status with which a program says that it has no answer of the requested media type. */
const notOfThisType = 406;

/** How to query Loki. */
export interface LokiRequestOptions {
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
}

interface Answer {
  type: string;
  body: Buffer;
}

/** Sends requests to a Loki, and converts failed ones to ReadErrors. */
export class LokiRequests {
  readonly #options: LokiRequestOptions;
  /** Whether log queries are answered in protobuf; JSON always works, but takes longer on both sides. */
  #isProtobuf = true;

  constructor(options: LokiRequestOptions) {
    this.#options = options;
  }

  /**
   * The answer to a query; failed queries are retried.
   *
   * @throws ReadError if there is no answer, or it has another shape
   */
  async get<Answer>(
    schema: z.ZodType<Answer>,
    path: string,
    parameters: Record<string, string>,
  ): Promise<Answer> {
    return this.retried(async () => {
      const text = await this.request("GET", `${path}?${new URLSearchParams(parameters)}`);
      return parsed(schema, text, path);
    });
  }

  /**
   * The streams in the answer to a log query; failed queries are retried.
   *
   * @throws ReadError if there is no answer, or it has another shape
   */
  async streams(path: string, parameters: Record<string, string>): Promise<AnsweredStream[]> {
    return this.retried(async () => {
      const pathAndQuery = `${path}?${new URLSearchParams(parameters)}`;
      const answer = await this.#lines(pathAndQuery);
      const streams = answer.type === protobufType ? streamsInProtobuf(answer.body) : undefined;
      if (streams !== undefined) return streams;
      const isJson = answer.type !== protobufType;
      // What is wrong with an answer is told in JSON.
      this.#isProtobuf = false;
      const text = isJson ? answer.body.toString() : await this.request("GET", pathAndQuery);
      return streamsInJson(text, path);
    });
  }

  async #lines(pathAndQuery: string): Promise<Answer> {
    if (this.#isProtobuf) {
      try {
        return await this.#answer("GET", pathAndQuery, { ...this.#options.headers, accept: protobufType });
      } catch (thrown) {
        if (!(thrown instanceof ReadError && thrown.status === notOfThisType)) throw thrown;
        this.#isProtobuf = false;
      }
    }
    return this.#answer("GET", pathAndQuery, this.#options.headers);
  }

  /** Retries failed requests. */
  async retried<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return queryWithRetries(ask, this.#options, settledAnswers);
  }

  /** @throws ReadError if Loki does not answer, or answers with an error */
  async request(
    method: "GET" | "POST",
    path: string,
    headers: Record<string, string> | undefined = this.#options.headers,
  ): Promise<string> {
    return (await this.#answer(method, path, headers)).body.toString();
  }

  async #answer(
    method: "GET" | "POST",
    path: string,
    headers: Record<string, string> | undefined,
  ): Promise<Answer> {
    const base = await this.#options.baseUrl();
    if (base === undefined) throw new ReadError({ code: "unpublished", sink });
    const caller = this.#options.signal();
    const signal = AbortSignal.any([caller, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const {
        statusCode,
        headers: { "content-type": type },
        body,
      } = await send(base + path, {
        method,
        signal,
        // With this flag Loki does not mix structured metadata into the labels, which would split streams.
        headers: { ...headers, "x-loki-response-encoding-flags": "categorize-labels" },
        reset: true,
      });
      const bytes = Buffer.from(await body.arrayBuffer());
      if (statusCode >= 300)
        throw new ReadError({
          code: "refused",
          sink,
          status: statusCode,
          answer: shortened(bytes.toString()),
        });
      return { type: `${type}`, body: bytes };
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
