import { median } from "../base/median.ts";
import { type Interval, wilsonInterval } from "../base/proportion.ts";
import { type Verdict, worstOf } from "../plan/verdict.ts";
import type { HistoryEntry, NightEnd } from "../store/history-entry.ts";
import type { NightDocument, NightRow } from "./night-document.ts";

/** The result of a row of a night compared with its known result. */
export type RowState = "as known" | "worse than known" | "better than known" | "unknown" | "not run";

/** A figure that is compared from night to night. */
export interface Trend {
  figure: "recovery" | "overhead" | "latency";
  /** The median of the night, in seconds. */
  seconds: number;
  /** The medians of earlier nights, oldest first. */
  before: number[];
  /** At least 25 % and a second more than in any earlier night, with at least three earlier nights. */
  isSlower: boolean;
}

/** A row of the guarantees table and its result in a night. */
export interface RowReport {
  row: NightRow;
  runs: HistoryEntry[];
  /** The worst of the runs; undefined if there was none. */
  verdict: Verdict | undefined;
  state: RowState;
  /** How many runs hold, with the 95 % confidence interval of that share; undefined without a run. */
  held: number;
  interval: Interval | undefined;
  trends: Trend[];
}

/** A difference from the last green night before. */
interface Change {
  /** A claim's id, or the other thing that differs. */
  what: string;
  before: string;
  now: string;
}

/** A night as its reports describe it. */
export interface NightReport {
  night: NightDocument;
  rows: RowReport[];
  /** Whether at least one row was run and every run row has its known result. */
  isGreen: boolean;
  /** 0 green, 1 a row is worse than known, 2 anything else. */
  exitCode: 0 | 1 | 2;
  /** The last green night before, and what has changed since; undefined if none is on record. */
  lastGreen: { night: string; changes: Change[] } | undefined;
  /** The images and machines of the runs. */
  images: string[];
  machines: string[];
}

const rememberedNights = 14;
const nightsForATrend = 3;
const slowerTimes = 1.25;
const slowerBySeconds = 1;

/** Compares a night with the known results of its rows, and with earlier nights. */
export function reportNight(
  night: NightDocument,
  history: { runs: HistoryEntry[]; nights: NightEnd[] },
): NightReport {
  const earlier = history.runs.filter((run) => run.night !== null && run.night < night.nightId);
  const rows = night.rows.map((row) => reportRow(row, night, earlier));
  const tonight = rows.flatMap(({ runs }) => runs);
  const states = rows.map(({ state }) => state).filter((state) => state !== "not run");
  const isGreen = states.length > 0 && states.every((state) => state === "as known");
  const green = history.nights.filter((end) => end.isGreen && end.night < night.nightId).at(-1)?.night;
  return {
    night,
    rows,
    isGreen,
    exitCode: isGreen ? 0 : states.includes("worse than known") ? 1 : 2,
    lastGreen:
      green === undefined
        ? undefined
        : {
            night: green,
            changes: changesSince(
              rows,
              tonight,
              earlier.filter((run) => run.night === green),
            ),
          },
    images: [...new Set(tonight.flatMap(({ images }) => images))].sort(),
    machines: [...new Set(tonight.flatMap(({ machine }) => machine))],
  };
}

function reportRow(row: NightRow, { done }: NightDocument, earlier: HistoryEntry[]): RowReport {
  const runs = done.filter(({ claim }) => claim === row.claim).map(({ entry }) => entry);
  const held = runs.filter(({ verdict }) => verdict === "holds").length;
  const verdict = runs.length === 0 ? undefined : worstOf(runs.map((run) => run.verdict));
  return {
    row,
    runs,
    verdict,
    state: stateOf(row, verdict),
    held,
    interval: runs.length === 0 ? undefined : wilsonInterval(held, runs.length),
    trends: trendsOf(
      runs,
      earlier.filter(({ claim }) => claim === row.claim),
    ),
  };
}

/** A race that is known to break a promise may not show in a night, and a row that is known to be sometimes `unknown` may get a verdict. */
function stateOf({ known }: NightRow, verdict: Verdict | undefined): RowState {
  if (verdict === undefined) return "not run";
  if (verdict === known.verdict) return "as known";
  if (verdict === "broken") return "worse than known";
  if (verdict === "unknown") return "unknown";
  return known.isRace ? "as known" : "better than known";
}

const figures = {
  recovery: ({ recoverySeconds }: HistoryEntry) => recoverySeconds,
  overhead: ({ overheadSeconds, counts }: HistoryEntry) => (counts === null ? null : overheadSeconds),
  latency: ({ latencyMs }: HistoryEntry) => latencyMs && latencyMs.p99 / 1_000,
};

function trendsOf(runs: HistoryEntry[], earlier: HistoryEntry[]): Trend[] {
  const nights = [...Map.groupBy(earlier, ({ night }) => night).values()].slice(-rememberedNights);
  return (["recovery", "overhead", "latency"] as const).flatMap((figure) => {
    const medianOf = (some: HistoryEntry[]) => median(some.flatMap((run) => figures[figure](run) ?? []));
    const seconds = medianOf(runs);
    if (seconds === undefined) return [];
    const before = nights.flatMap((night) => medianOf(night) ?? []);
    const most = Math.max(...before);
    const isSlower =
      before.length >= nightsForATrend && seconds > slowerTimes * most && seconds > most + slowerBySeconds;
    return [{ figure, seconds, before, isSlower }];
  });
}

function changesSince(rows: RowReport[], tonight: HistoryEntry[], green: HistoryEntry[]): Change[] {
  const ofRows = rows.flatMap(({ row, verdict }) => {
    const before = green.filter(({ claim }) => claim === row.claim);
    if (verdict === undefined || before.length === 0) return [];
    const then = worstOf(before.map((run) => run.verdict));
    return then === verdict ? [] : [{ what: row.claim, before: then, now: verdict }];
  });
  return [
    ...ofRows,
    ...changeOf("images", green, tonight, ({ images }) => images),
    ...changeOf("machine", green, tonight, ({ machine }) => [machine]),
  ];
}

/** Compares only claims that were run in both nights, because a different choice of rows is not a change of images or machines. */
function changeOf(
  what: string,
  green: HistoryEntry[],
  tonight: HistoryEntry[],
  of: (entry: HistoryEntry) => string[],
): Change[] {
  const inBoth = (some: HistoryEntry[], other: HistoryEntry[]) =>
    some.filter(({ claim }) => other.some((entry) => entry.claim === claim));
  const before = new Set(inBoth(green, tonight).flatMap(of));
  const now = new Set(inBoth(tonight, green).flatMap(of));
  const gone = [...before.difference(now)].sort();
  const come = [...now.difference(before)].sort();
  if (gone.length === 0 && come.length === 0) return [];
  return [{ what, before: gone.join(", ") || "-", now: come.join(", ") || "-" }];
}
