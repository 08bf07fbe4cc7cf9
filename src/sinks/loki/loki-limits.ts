import { prometheusDurationMs } from "../../base/duration.ts";
import type { ReadProblem } from "../../base/read-problem.ts";

/** The limits of a Loki for queries that matter for reading everything; 0 means no limit. */
export interface LokiLimits {
  /** The maximal number of lines in one answer: `max_entries_limit_per_query`. */
  maxEntries: number;
  /** The longest range of one query: `max_query_length`. */
  maxLengthMs: number;
  /** The longest range of one count: `max_query_range`. */
  maxIntervalMs: number;
  /** Loki does not return older lines than this, and does not always say so: `max_query_lookback`. */
  maxLookbackMs: number;
}

/** The defaults of Loki 3.6.4 and 3.7.6: 5,000 lines, and 30 days and an hour. */
export const defaultLimits: LokiLimits = {
  maxEntries: 5_000,
  maxLengthMs: 721 * 3_600_000,
  maxIntervalMs: 0,
  maxLookbackMs: 0,
};

const maxPageLines = 50_000;
/** Loki 3.6.4 queries its index for half a minute more than the requested range, and counts that against the limit. */
const lookAroundMs = 31_000;

/** The limits that a Loki reports, in `/config` or for a tenant; limits that it does not report are left out. */
export function limitsIn(yaml: string): Partial<LokiLimits> {
  const told = (name: string) => new RegExp(`^(?: {2})?${name}: "?([^"\\s]+)"?\\s*$`, "m").exec(yaml)?.[1];
  const entries = told("max_entries_limit_per_query");
  return known({
    maxEntries: entries !== undefined && /^\d+$/.test(entries) ? Number(entries) : undefined,
    maxLengthMs: durationMs(told("max_query_length")),
    maxIntervalMs: durationMs(told("max_query_range")),
    maxLookbackMs: durationMs(told("max_query_lookback")),
  });
}

/** Which limit a refused query exceeded, by Loki's own words; empty if it was refused for another reason, or not answered. */
export function limitsRefused(problem: ReadProblem): Partial<LokiLimits> {
  const message = problem.code === "refused" ? problem.answer : "";
  const entries = /limit > max_entries_limit_per_query \(\d+ > (\d+)\)/.exec(message)?.[1];
  return known({
    maxEntries: entries === undefined ? undefined : Number(entries),
    maxLengthMs: durationMs(
      /query time range exceeds the limit \(query length: \S+, limit: (\S+?)\)/.exec(message)?.[1],
    ),
    maxIntervalMs: durationMs(/value exceeds limit: \[\S+?\] > \[(\S+?)\]/.exec(message)?.[1]),
    maxLookbackMs: durationMs(/past now - max_query_lookback \((\S+?)\)/.exec(message)?.[1]),
  });
}

/** Whether a query was refused because Loki does not understand it, as one before 2.9 does not understand `drop`. */
export function isNotUnderstood(problem: ReadProblem): boolean {
  return problem.code === "refused" && problem.status === 400 && problem.answer.startsWith("parse error");
}

/** How many lines to request at once: as many as allowed, up to an answer of reasonable size. */
export function pageLines({ maxEntries }: LokiLimits): number {
  return maxEntries === 0 ? defaultLimits.maxEntries : Math.min(maxEntries, maxPageLines);
}

/** The longest range of whole milliseconds that may be queried at once; undefined if there is no limit. */
export function longestQuestionMs({ maxLengthMs }: LokiLimits): number | undefined {
  if (maxLengthMs === 0) return undefined;
  return Math.max(
    1,
    Math.floor(maxLengthMs > 2 * lookAroundMs ? maxLengthMs - lookAroundMs : maxLengthMs / 2),
  );
}

/** The same for counts. */
export function longestCountMs(limits: LokiLimits): number | undefined {
  const longest = [longestQuestionMs(limits), limits.maxIntervalMs || undefined].filter(
    (ms) => ms !== undefined,
  );
  return longest.length === 0 ? undefined : Math.max(1, Math.floor(Math.min(...longest)));
}

function durationMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : prometheusDurationMs(text);
}

function known(limits: { [Name in keyof LokiLimits]?: number | undefined }): Partial<LokiLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
