import { parse } from "yaml";
import { ruleDurationMs } from "../alerts/rule-duration.ts";
import { messageOf, UnavailableError, UsageError } from "../base/errors.ts";
import { PrometheusApi, UnexpectedAnswerError } from "../products/prometheus/prometheus-api.ts";

const minuteMs = 60_000;
/** Statuses with which a proxy in front asks who one is. */
const strangerStatuses = [401, 403, 407];

/** How often a Prometheus reads metrics and evaluates rules, where nothing else is said. */
export interface PrometheusIntervals {
  scrapeMs: number;
  evaluationMs: number;
}

/** What a Prometheus does by default. */
const defaultIntervals: PrometheusIntervals = { scrapeMs: minuteMs, evaluationMs: minuteMs };

/** A running Prometheus of the reader's own. Nothing is asked of it but what it has. */
export interface OwnPrometheus {
  /** Its address, without a password. */
  url: string;
  api: PrometheusApi;
  intervals: PrometheusIntervals;
  /** Whether `intervals` are those of its configuration; otherwise it did not tell that, and they are the defaults. */
  areIntervalsTold: boolean;
  /** How far its clock is ahead of this machine's; the time that the question took is on either side of it. */
  clockOffsetMs: number;
}

/**
 * Makes sure that a Prometheus answers.
 *
 * @param address `http://HOST:PORT` or `https://…`, perhaps with a path, and with `USER:PASSWORD@`
 * @throws UsageError if that is no address, or something else answers there
 * @throws UnavailableError if nothing answers
 */
export async function openPrometheus(address: string, signal: AbortSignal): Promise<OwnPrometheus> {
  const { url, headers } = addressOf(address);
  const api = new PrometheusApi(url, headers);
  try {
    await api.version(signal);
    const askedAtMs = Date.now();
    const nowMs = await api.now(signal);
    const clockOffsetMs = nowMs - (askedAtMs + Date.now()) / 2;
    const told = await toldIntervals(api, signal);
    return {
      ...{ url, api, clockOffsetMs },
      intervals: told ?? defaultIntervals,
      areIntervalsTold: told !== undefined,
    };
  } catch (thrown) {
    signal.throwIfAborted();
    throw refusal(url, thrown);
  }
}

function addressOf(address: string): { url: string; headers: Record<string, string> } {
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(
      `expected the address of a Prometheus after --prometheus, like http://localhost:9090, got ${JSON.stringify(address)}. Write it with http:// or https://.`,
    );
  const { username, password, origin, pathname } = url;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    url: `${origin}${pathname.replace(/\/+$/, "")}`,
    headers: username === "" ? {} : { authorization: `Basic ${login.toString("base64")}` },
  };
}

function refusal(url: string, thrown: unknown): Error {
  if (!(thrown instanceof UnexpectedAnswerError))
    return new UnavailableError(
      `expected a Prometheus at ${url}, but nothing answered there: ${failureOf(thrown)}. Check the address, and that this machine reaches it.`,
    );
  if (strangerStatuses.includes(thrown.status))
    return new UsageError(
      `expected answers of the Prometheus at ${url}, but ${thrown.message}. If it asks who you are, write that into the address: http://USER:PASSWORD@HOST:PORT.`,
    );
  return new UsageError(
    `expected a Prometheus at ${url}, but something else answers there: ${thrown.message}. Pass the address at which its own page is found, with the path before its /api.`,
  );
}

/** Where a name has several addresses and none answers, the message is empty, and the code is not. */
function failureOf(thrown: unknown): string {
  const { code } = thrown as { code?: string };
  return messageOf(thrown) || (code ?? "it is not told why");
}

/** Undefined if it does not tell its configuration, as those that only answer like a Prometheus. */
async function toldIntervals(
  api: PrometheusApi,
  signal: AbortSignal,
): Promise<PrometheusIntervals | undefined> {
  try {
    return intervalsIn(await api.configuration(signal));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** @param configuration the file of a Prometheus, as YAML */
export function intervalsIn(configuration: string): PrometheusIntervals {
  const { global } = parse(configuration) as { global?: Record<string, unknown> };
  const intervalOf = (key: string) => ruleDurationMs(String(global?.[key] ?? ""));
  const scrapeMs = intervalOf("scrape_interval") ?? defaultIntervals.scrapeMs;
  return { scrapeMs, evaluationMs: intervalOf("evaluation_interval") ?? defaultIntervals.evaluationMs };
}
