import { median } from "../base/median.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import type { NightItem } from "./night-document.ts";

/** The assumed duration of a run if no run of its row is on record. The longest rows of the table take about twice this. */
const unknownSeconds = 90;
/** How many earlier runs of a row are considered. */
const rememberedRuns = 5;

/**
 * The order in which a night runs its rows: all once before any twice, and in each round first the rows that were never run or not run
 * for the longest time; rows that are equally overdue in the order given.
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

/** How long a run of a row is expected to take: the median of its last recorded runs. */
export function expectedSeconds(claim: string, history: HistoryEntry[]): number {
  const remembered = history.filter((entry) => entry.claim === claim && entry.counts !== null);
  return median(remembered.slice(-rememberedRuns).map(({ totalSeconds }) => totalSeconds)) ?? unknownSeconds;
}
