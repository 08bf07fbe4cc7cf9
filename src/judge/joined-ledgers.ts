import { isDeepStrictEqual } from "node:util";
import type { Ledger } from "../load/ledger.ts";
import { isSameClock } from "../load/line-clock.ts";

/** A ledger, and what it is called in messages. */
export interface NamedLedger {
  name: string;
  ledger: Ledger;
}

/** Ledgers of one run that cannot be joined, and why, in words. */
export interface LedgerConflict {
  conflict: string;
}

/**
 * Joins the ledgers of several processes or hosts: those of one seed are of one run, whose sources are theirs together. The result does not
 * depend on their order.
 *
 * @returns a ledger for each seed, in the order of the seeds and with its sources in the order of their names; a single ledger as it is
 */
export function joinLedgers(named: readonly NamedLedger[]): Ledger[] | LedgerConflict {
  if (named.length === 1) return [named[0]!.ledger];
  const bySeed = [...Map.groupBy(named, ({ ledger }) => ledger.seed).values()];
  const joined: Ledger[] = [];
  for (const ofOne of bySeed.sort(([one], [other]) => inOrder(one!.ledger.seed, other!.ledger.seed))) {
    const conflict = conflictAmong(ofOne);
    if (conflict !== undefined) return { conflict };
    const sources = ofOne.flatMap(({ ledger }) => ledger.sources);
    sources.sort((one, other) => inOrder(one.source, other.source));
    joined.push({ ...ofOne[0]!.ledger, sources });
  }
  return joined;
}

const inOrder = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function conflictAmong(named: readonly NamedLedger[]): string | undefined {
  const [first, ...others] = named;
  const sourceOf = new Map<string, string>();
  for (const { name, ledger } of others)
    if (
      !isSameClock(ledger.clock, first!.ledger.clock) ||
      !isDeepStrictEqual(ledger.line, first!.ledger.line)
    )
      return `${first!.name} and ${name} have the seed ${ledger.seed}, but not the same clock or template`;
  for (const { name, ledger } of named) {
    for (const { source } of ledger.sources) {
      const before = sourceOf.get(source);
      if (before !== undefined)
        return `source ${source} of seed ${ledger.seed} is in ${before} and in ${name}, so that a line of one is a copy of the other's`;
      sourceOf.set(source, name);
    }
  }
  return undefined;
}
