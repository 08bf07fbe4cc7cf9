import { request } from "undici";
import type { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import {
  buildInfoSchema,
  configSchema,
  type Matrix,
  matrixSchema,
  type RuleGroup,
  rulesSchema,
  type SampledSeries,
  scalarSchema,
  seriesSchema,
  snapshotSchema,
  targetsSchema,
} from "./prometheus-answers.ts";
import { partsOfRange, type StepRange } from "./query-range.ts";

const timeoutMs = 5_000;
const longTimeoutMs = 60_000;
/** Where a snapshot is, in the folder that the fixtures give Prometheus for its samples. */
const snapshotsFolder = "/prometheus/snapshots";

/** An answer that is not the one that was asked for; `status` is that of HTTP. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The answers of a Prometheus. Every method throws an `UnexpectedAnswerError` with its message, or another Error that says why it did not
 * answer.
 */
export class PrometheusApi {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /**
   * @param url `http://HOST:PORT`, perhaps with a path, and without a slash at its end
   * @param headers sent with each question, such as `authorization`
   */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  /** Its version, which only a Prometheus tells, or what answers as one. */
  async version(signal: AbortSignal): Promise<string> {
    return (await this.#ask("GET", "/api/v1/status/buildinfo", buildInfoSchema, signal)).version;
  }

  /** What its clock says, in Unix milliseconds. */
  async now(signal: AbortSignal): Promise<number> {
    const { result } = await this.#ask("GET", "/api/v1/query?query=time()", scalarSchema, signal);
    return Number(result[1]) * 1_000;
  }

  /** Its configuration as YAML. */
  async configuration(signal: AbortSignal): Promise<string> {
    return (await this.#ask("GET", "/api/v1/status/config", configSchema, signal)).yaml;
  }

  /** The targets that it reads now, by their hosts, and whether the last reading succeeded. */
  async targets(signal: AbortSignal): Promise<{ host: string; isUp: boolean }[]> {
    const { activeTargets } = await this.#ask("GET", "/api/v1/targets?state=active", targetsSchema, signal);
    return activeTargets.map(({ scrapeUrl, health }) => ({
      host: new URL(scrapeUrl).hostname,
      isUp: health === "up",
    }));
  }

  /** Has it read its configuration again. It must have been started with its lifecycle API. */
  async reload(signal: AbortSignal): Promise<void> {
    const { statusCode, body } = await request(`${this.#url}/-/reload`, {
      method: "POST",
      headers: this.#headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(longTimeoutMs)]),
      reset: true,
    });
    const text = await body.text();
    if (statusCode !== 200)
      throw new UnexpectedAnswerError(statusCode, `it answered ${statusCode} to /-/reload: ${errorIn(text)}`);
  }

  /** The rules that it has loaded, with what they found when they were last evaluated. */
  async ruleGroups(signal: AbortSignal): Promise<RuleGroup[]> {
    return (await this.#ask("GET", "/api/v1/rules?type=alert", rulesSchema, signal)).groups;
  }

  /**
   * Every sample that a selector with a range finds, such as `up[1h]`.
   *
   * @param atMs the end of the range, in Unix milliseconds
   */
  async samples(selector: string, atMs: number, signal: AbortSignal): Promise<SampledSeries[]> {
    const parameters = new URLSearchParams({ query: selector, time: `${atMs / 1_000}` });
    const { result } = await this.#ask(
      "GET",
      `/api/v1/query?${parameters}`,
      matrixSchema,
      signal,
      longTimeoutMs,
    );
    return result.map(sampledSeries);
  }

  /**
   * What an expression gives at each step of a time: for each series the times at which it has a value, whatever that is. A long time is asked
   * for in several parts, each with series of its own.
   *
   * @param range Unix milliseconds, both ends included
   */
  async timesOf(expression: string, range: StepRange, signal: AbortSignal): Promise<SampledSeries[]> {
    const series: SampledSeries[] = [];
    for (const part of partsOfRange(range)) series.push(...(await this.#timesOf(expression, part, signal)));
    return series;
  }

  async #timesOf(
    expression: string,
    { fromMs, toMs, stepMs }: StepRange,
    signal: AbortSignal,
  ): Promise<SampledSeries[]> {
    const parameters = new URLSearchParams({
      query: expression,
      start: `${fromMs / 1_000}`,
      end: `${toMs / 1_000}`,
      step: `${stepMs / 1_000}`,
    });
    const { result } = await this.#ask(
      "GET",
      `/api/v1/query_range?${parameters}`,
      matrixSchema,
      signal,
      longTimeoutMs,
    );
    return result.map(sampledSeries);
  }

  /**
   * Whether a selector, such as `up{job="a"}`, matches any series.
   *
   * @param span in Unix milliseconds; at any time if absent
   */
  async hasSeries(
    selector: string,
    signal: AbortSignal,
    span?: { fromMs: number; toMs: number },
  ): Promise<boolean> {
    const parameters = new URLSearchParams({ "match[]": selector, limit: "1" });
    if (span !== undefined) {
      parameters.set("start", `${span.fromMs / 1_000}`);
      parameters.set("end", `${span.toMs / 1_000}`);
    }
    return (
      (await this.#ask("GET", `/api/v1/series?${parameters}`, seriesSchema, signal, longTimeoutMs)).length > 0
    );
  }

  /**
   * Writes every sample into a folder of its own. Prometheus must have been started with its admin API.
   *
   * @returns the path of the folder in Prometheus' container
   */
  async snapshot(signal: AbortSignal): Promise<string> {
    const { name } = await this.#ask(
      "POST",
      "/api/v1/admin/tsdb/snapshot",
      snapshotSchema,
      signal,
      longTimeoutMs,
    );
    return `${snapshotsFolder}/${name}`;
  }

  async #ask<Data>(
    method: "GET" | "POST",
    path: string,
    schema: z.ZodType<Data>,
    signal: AbortSignal,
    limitMs = timeoutMs,
  ): Promise<Data> {
    const { statusCode, body } = await request(`${this.#url}${path}`, {
      method,
      headers: this.#headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      reset: true,
    });
    const text = await body.text();
    if (statusCode !== 200)
      throw new UnexpectedAnswerError(statusCode, `it answered ${statusCode}: ${errorIn(text)}`);
    try {
      return schema.parse((JSON.parse(text) as { data?: unknown }).data);
    } catch (thrown) {
      const message = `its answer to ${path} has another form than expected: ${messageOf(thrown)}`;
      throw new UnexpectedAnswerError(statusCode, message);
    }
  }
}

function sampledSeries({ metric, values }: Matrix["result"][number]): SampledSeries {
  const samples = values.map(([seconds, value]) => ({
    atMs: Math.round(seconds * 1_000),
    value: Number(value),
  }));
  return { labels: metric, samples };
}

const maxErrorLength = 300;

/** What an answer that is no success says. */
function errorIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error.slice(0, maxErrorLength);
  } catch {
    // Some answers are plain text.
  }
  return text.slice(0, maxErrorLength).trim();
}
