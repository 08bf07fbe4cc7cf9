import type { Bounds } from "../guarantees/claim.ts";
import type { RunDocument } from "./run-document.ts";

/** What a claim promises, in a few words. */
export function describeBounds({ lost, duplicated, lostWindowSeconds }: Bounds): string {
  const promises = [
    lost === undefined ? [] : [lost === 0 ? "no loss" : `at most ${lost} lost`],
    lostWindowSeconds === undefined ? [] : [`loss only within < ${lostWindowSeconds} s`],
    duplicated === undefined ? [] : [duplicated === 0 ? "no duplicate" : `at most ${duplicated} duplicates`],
  ];
  return promises.flat().join(", ");
}

/** What was measured, in a few words: the counts that are not zero. */
export function describeCounts({ counts }: RunDocument): string {
  const { written, delivered, ...anomalies } = counts;
  const found = Object.entries(anomalies).filter(([, count]) => count > 0);
  const rest =
    found.length === 0 ? "0 lost" : found.map(([kind, count]) => `${grouped(count)} ${kind}`).join(", ");
  return `${grouped(delivered)} of ${grouped(written)} delivered, ${rest}`;
}

/** The first ranges of lost lines, such as `app-1 17-42 (26, shipper)`, and how many more there are. */
export function describeLost({ lost }: RunDocument, maxRanges: number): string[] {
  const shown = lost.slice(0, maxRanges).map(({ source, from, to, hop }) => {
    const lines = from === to ? `${from}` : `${from}-${to}`;
    return `${source} ${lines} (${to - from + 1} lines, lost at hop ${hop})`;
  });
  const omitted = lost.length - shown.length;
  return omitted > 0 ? [...shown, `and ${omitted} more ranges, all in run.json`] : shown;
}

/** A number with its thousands set apart. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** Seconds with a sensible number of decimals; a dash where there is nothing to tell. */
export function describeSeconds(seconds: number | null): string {
  return seconds === null ? "-" : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
