import type { Counts } from "../../src/judge/counts.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { Checker, Finding } from "./checker.ts";
import { rangesOfNumbers } from "./kind.ts";

/*
 * Simple checkers with a well-known blind spot each. They show what the mutants are worth: a campaign that
 * these pass proves nothing.
 */

const nothing: Counts = {
  written: 0,
  delivered: 0,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  truncated: 0,
  merged: 0,
  unexpected: 0,
  late: 0,
};

/** The numbers that follow the name of each source of a ledger, at the first such name in a text. */
function numbersOf({ seed, sources }: Ledger, texts: readonly string[]): Map<string, number[]> {
  const numbers = new Map(sources.map(({ source }) => [source, [] as number[]]));
  const name = new RegExp(`${seed}/([A-Za-z0-9_.-]+)/([0-9]+)`);
  for (const text of texts) {
    const [, source, number] = name.exec(text) ?? [];
    if (source !== undefined && number !== "0") numbers.get(source)?.push(Number(number));
  }
  return numbers;
}

function findingOf(ledger: Ledger, lost: number, duplicated: number, ranges?: Finding["lost"]): Finding {
  const written = ledger.sources.reduce((sum, source) => sum + source.written, 0);
  const counts = { ...nothing, written, delivered: written - lost, lost, duplicated };
  const isFine = lost === 0 && duplicated === 0;
  return { counts, lost: ranges, duplicated: undefined, verdict: isFine ? "holds" : "broken" };
}

const set: Checker = {
  name: "set",
  method:
    "collects the numbers of each source in a set, and misses those that are not in it; of copies it knows nothing",
  find(ledger, texts) {
    const numbers = numbersOf(ledger, texts);
    const lost = ledger.sources.flatMap(({ source, written }) => {
      const seen = new Set(numbers.get(source));
      const all = Array.from({ length: written }, (_, index) => index + 1);
      return rangesOfNumbers(
        source,
        all.filter((number) => !seen.has(number)),
      );
    });
    const count = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return findingOf(ledger, count, 0, lost);
  },
};

const counter: Checker = {
  name: "counter",
  method:
    "counts the lines of each source and compares with the number written; a duplicate makes up for a loss",
  find(ledger, texts) {
    const numbers = numbersOf(ledger, texts);
    const missing = ledger.sources.map(({ source, written }) => written - numbers.get(source)!.length);
    const sumOf = (counts: number[]) => counts.reduce((sum, count) => sum + Math.max(0, count), 0);
    return findingOf(ledger, sumOf(missing), sumOf(missing.map((count) => -count)));
  },
};

const gaps: Checker = {
  name: "gaps",
  method:
    "takes the highest number of each source less how many different ones came for what is lost; it cannot see a lost tail",
  find(ledger, texts) {
    const numbers = [...numbersOf(ledger, texts).values()];
    let [lost, duplicated] = [0, 0];
    for (const all of numbers) {
      const different = new Set(all);
      const highest = all.reduce((highest, number) => Math.max(highest, number), 0);
      lost += highest - different.size;
      duplicated += all.length - different.size;
    }
    return findingOf(ledger, lost, duplicated);
  },
};

export const knownBad: Checker[] = [set, counter, gaps];
