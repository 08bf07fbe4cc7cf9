import type { SequenceRange } from "../../src/judge/check.ts";
import type { Counts } from "../../src/judge/counts.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { Entry, History } from "./history.ts";
import type { Picker } from "./picker.ts";

/** Every count but those that follow from the ledger and the lost lines, and lateness, which no file shows. */
export type Found = Partial<Omit<Counts, "written" | "delivered" | "lost" | "late">>;

/** A history after it was damaged, and what whoever damaged it knows to be true of it. */
export interface Effect {
  /** Where the damage was done. */
  where: string;
  entries: readonly Entry[];
  /** The ledger, where that is what was changed. */
  ledger?: Ledger;
  /** Copies that the store counts and does not answer; no file shows them. */
  hiddenCopies?: number;
  /** What a checker has to count; 0 for everything that is not named. */
  found: Found;
  /** What a checker has to miss, source by source. */
  lost: SequenceRange[];
  /** What came back more than once. */
  duplicated?: SequenceRange[];
}

/** A way of damaging histories. */
export interface Kind {
  name: string;
  /** Whether all of it happens to one source and leaves the ledger alone, so that another source can be damaged as well. */
  isLocal: boolean;
  /** Damages a history at each place that was picked, the damage alone at each; nowhere if it has nothing to damage. */
  effects(history: History, pick: Picker): Effect[];
}

/** The ranges of some lines, source by source in the ledger's order; sentinels are no lines. */
export function rangesOf({ sources }: Ledger, entries: readonly Entry[]): SequenceRange[] {
  return sources.flatMap(({ source }) => {
    const lines = entries.filter((entry) => entry.source === source && entry.sequence > 0);
    return rangesOfNumbers(
      source,
      lines.map(({ sequence }) => sequence),
    );
  });
}

/** The ranges of some numbers, each number once. */
export function rangesOfNumbers(source: string, numbers: readonly number[]): SequenceRange[] {
  const ranges: SequenceRange[] = [];
  for (const number of new Set(numbers.toSorted((one, other) => one - other))) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === number) last.to = number;
    else ranges.push({ source, from: number, to: number });
  }
  return ranges;
}

/** How many of some entries are lines and no sentinels. */
export function linesAmong(entries: readonly Entry[]): number {
  return entries.filter(({ sequence }) => sequence > 0).length;
}
