import type { SequenceRange } from "../../src/judge/check.ts";
import type { Counts } from "../../src/judge/counts.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { Entry, History } from "./history.ts";
import type { Picker } from "./picker.ts";

/** Every count except those that follow from the ledger and the lost lines, and lateness, which no file shows. */
export type Found = Partial<Omit<Counts, "written" | "delivered" | "lost" | "late">>;

/** A damaged history, and the expected result, as stated by the code that damaged it. */
export interface Effect {
  /** The place of the damage. */
  where: string;
  entries: readonly Entry[];
  /** The ledger, if that was changed. */
  ledger?: Ledger;
  /** Copies that the store counts but does not return; no file shows them. */
  hiddenCopies?: number;
  /** The expected counts; 0 for every count that is not named. */
  found: Found;
  /** The expected lost ranges, source by source. */
  lost: SequenceRange[];
  /** The expected duplicated ranges. */
  duplicated?: SequenceRange[];
}

/** A kind of damage. */
export interface Kind {
  name: string;
  /** Whether it affects only one source and not the ledger, so that another source can be damaged as well. */
  isLocal: boolean;
  /** Makes one damaged history for each picked place; none if there is nothing to damage. */
  effects(history: History, pick: Picker): Effect[];
}

/** The ranges of some lines, source by source in the ledger's order, without sentinels. */
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

/** How many of some entries are lines and not sentinels. */
export function linesAmong(entries: readonly Entry[]): number {
  return entries.filter(({ sequence }) => sequence > 0).length;
}
