import { median } from "../base/median.ts";
import type { HistoryEntry } from "../report/history-entry.ts";
import type { NightItem } from "./night-document.ts";

/** What a run is taken to last where none of its row is remembered: the longest rows of the table take about twice this. */
const unknownSeconds = 90;
/** How many runs of a row are looked back at. */
const rememberedRuns = 5;

/**
 * In which order a night runs its rows: all once before any twice, and each time those first that were not run for the longest, or
 * never; rows that are equally overdue in the order given.
 *
 * @param claims their ids
 */
export function nightQueue(claims: string[], repeats: number, history: HistoryEntry[]): NightItem[] {
  const lastRunAtMs = new Map<string, number>();
  for (const { claim, at, counts } of history)
    if (counts !== null) lastRunAtMs.set(claim, Math.max(lastRunAtMs.get(claim) ?? 0, Date.parse(at)));
  const overdue = claims.toSorted(
    (one, other) => (lastRunAtMs.get(one) ?? 0) - (lastRunAtMs.get(other) ?? 0),
  );
  return Array.from({ length: repeats }, (_, repeat) => overdue.map((claim) => ({ claim, repeat }))).flat();
}

/** How long a run of a row is expected to take: the median of the last that are remembered. */
export function expectedSeconds(claim: string, history: HistoryEntry[]): number {
  const remembered = history.filter((entry) => entry.claim === claim && entry.counts !== null);
  return median(remembered.slice(-rememberedRuns).map(({ totalSeconds }) => totalSeconds)) ?? unknownSeconds;
}
