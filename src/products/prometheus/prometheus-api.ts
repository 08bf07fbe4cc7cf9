import { request } from "undici";
import type { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import {
  type Matrix,
  matrixSchema,
  type RuleGroup,
  rulesSchema,
  type SampledSeries,
  seriesSchema,
  snapshotSchema,
} from "./prometheus-answers.ts";

const timeoutMs = 5_000;
const longTimeoutMs = 60_000;
/** Where a snapshot is, in the folder that the fixtures give Prometheus for its samples. */
const snapshotsFolder = "/prometheus/snapshots";

/** The answers of a Prometheus. Every method throws an Error with its message, or why it did not answer. */
export class PrometheusApi {
  readonly #url: string;

  /** @param url `http://HOST:PORT` */
  constructor(url: string) {
    this.#url = url;
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
   * What an expression gives at each step of a time: for each series the times at which it has a value, whatever that is.
   *
   * @param range Unix milliseconds, both ends included
   */
  async timesOf(
    expression: string,
    { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
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

  /** Whether a selector, such as `up{job="a"}`, matches any series at any time. */
  async hasSeries(selector: string, signal: AbortSignal): Promise<boolean> {
    const parameters = new URLSearchParams({ "match[]": selector, limit: "1" });
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
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      reset: true,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`it answered ${statusCode}: ${errorIn(text)}`);
    try {
      return schema.parse((JSON.parse(text) as { data?: unknown }).data);
    } catch (thrown) {
      throw new Error(`its answer to ${path} has another form than expected: ${messageOf(thrown)}`);
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
