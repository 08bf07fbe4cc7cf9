import type { SequenceRange } from "../../src/judge/check.ts";
import type { Counts } from "../../src/judge/counts.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { Entry, History } from "./history.ts";
import type { Effect } from "./kind.ts";

/** The expected result for a mutant, as stated by the code that made it. */
interface Truth {
  counts: Counts;
  lost: SequenceRange[];
  duplicated: SequenceRange[];
  /** Under a claim that allows neither loss nor duplicates. */
  verdict: "holds" | "broken" | "unknown";
}

/** A damaged history and its expected result. */
export interface Mutant {
  group: string;
  kind: string;
  /** The history and the place of the damage. */
  where: string;
  history: History;
  ledger: Ledger;
  entries: readonly Entry[];
  hiddenCopies: number;
  truth: Truth;
}

/** Makes a mutant from a damaged history. */
export function mutantOf(group: string, kind: string, history: History, effect: Effect): Mutant {
  const { where, entries, ledger = history.ledger, hiddenCopies = 0 } = effect;
  return {
    group,
    kind,
    where: `${history.name}: ${where}`,
    history,
    ledger,
    entries,
    hiddenCopies,
    truth: truthOf(ledger, effect),
  };
}

function truthOf({ sources }: Ledger, { found, lost, duplicated = [] }: Effect): Truth {
  const written = sources.reduce((sum, source) => sum + source.written, 0);
  const missing = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const counts: Counts = {
    written,
    delivered: written - missing,
    lost: missing,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    truncated: 0,
    merged: 0,
    unexpected: 0,
    ...found,
    late: 0,
  };
  const { reordered, ...bad } = found;
  const isBroken = missing > 0 || Object.values(bad).some((count) => count > 0);
  return { counts, lost, duplicated, verdict: isBroken ? "broken" : written === 0 ? "unknown" : "holds" };
}

/** A mutant of two histories of one run, damaged in two ways at once; the expected results add up, because the sources are different. */
export function mutantOfTwo(
  [one, other]: [History, History],
  [kind, otherKind]: [string, string],
  [effect, otherEffect]: [Effect, Effect],
): Mutant {
  const found = { ...effect.found };
  for (const [name, count] of Object.entries(otherEffect.found) as [keyof Effect["found"], number][]) {
    found[name] = (found[name] ?? 0) + count;
  }
  const history: History = {
    ...one,
    name: `${one.name} and ${other.name}`,
    ledger: { ...one.ledger, sources: [...one.ledger.sources, ...other.ledger.sources] },
    entries: [...one.entries, ...other.entries],
  };
  return mutantOf("two at once", "two damages, each to a source of its own", history, {
    where: `${kind}, ${effect.where}, and ${otherKind}, ${otherEffect.where}`,
    entries: [...effect.entries, ...otherEffect.entries],
    found,
    lost: [...effect.lost, ...otherEffect.lost],
    duplicated: [...(effect.duplicated ?? []), ...(otherEffect.duplicated ?? [])],
  });
}
