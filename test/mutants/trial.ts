import { isDeepStrictEqual } from "node:util";
import { tempDir } from "../../src/base/temp-dir.ts";
import { type Observation, observationFor } from "../../src/judge/observation.ts";
import { type Checker, type Finding, judged } from "./checker.ts";
import type { Mutant } from "./mutant.ts";
import { foundBy, routes } from "./route.ts";
import { ScoreBoard } from "./score.ts";

/** Lets each checker judge every mutant from the texts that are read back. */
export function tryCheckers(mutants: Iterable<Mutant>, checkers: readonly Checker[]): ScoreBoard[] {
  const boards = checkers.map(({ name }) => new ScoreBoard(name));
  for (const mutant of mutants) {
    const texts = mutant.entries.map(({ bytes }) => bytes.toString("utf8"));
    for (const [index, checker] of checkers.entries()) {
      const found = checker.find(mutant.ledger, texts, mutant.hiddenCopies);
      boards[index]!.add(mutant, "in memory", found, isTrue(found, mutant));
    }
  }
  return boards;
}

/** Writes each mutant to files, in one format after the other, and reads and checks them as `everyline verify` does. */
export async function tryFiles(mutants: Iterable<Mutant>): Promise<ScoreBoard> {
  await using folder = await tempDir("everyline-mutants-");
  const board = new ScoreBoard("by files");
  let count = 0;
  for (const mutant of mutants) {
    // No file shows copies that the store does not return.
    if (mutant.hiddenCopies > 0) continue;
    const route = routes[count++ % routes.length]!;
    try {
      const found = await foundBy(route, mutant, folder.path);
      board.add(mutant, route.name, found, isTrue(found, mutant));
    } catch (thrown) {
      board.add(mutant, route.name, String(thrown), false);
    }
  }
  return board;
}

/**
 * Judges each mutant as one of two readings, of which the other is undamaged: damage that either of them shows must not be
 * accepted. Mutants of the ledger are left out, because both readings are judged by the same ledger.
 */
export function tryReadings(mutants: Iterable<Mutant>): ScoreBoard {
  const board = new ScoreBoard("as one of two readings");
  for (const mutant of mutants) {
    const { ledger, history, truth } = mutant;
    if (truth.verdict !== "broken" || ledger !== history.ledger) continue;
    const [intact, damaged] = [observationOf(mutant, history.entries), observationOf(mutant, mutant.entries)];
    damaged.hiddenCopies = mutant.hiddenCopies;
    for (const readings of [
      [damaged, intact],
      [intact, damaged],
    ]) {
      const found = judged(ledger, readings);
      const how = readings[0] === damaged ? "the first of two readings" : "the second of two readings";
      board.add(mutant, how, found, found.verdict === verdictOnBoth(mutant));
    }
  }
  return board;
}

/** Surplus texts in one reading count; lines that only one reading lacks may still be there. */
function verdictOnBoth({ truth: { counts } }: Mutant): Finding["verdict"] {
  const { duplicated, corrupted, truncated, merged, unexpected } = counts;
  return duplicated + corrupted + truncated + merged + unexpected > 0 ? "broken" : "unknown";
}

function observationOf({ ledger }: Mutant, entries: Mutant["entries"]): Observation {
  const observation = observationFor(ledger);
  for (const { bytes } of entries) observation.add(bytes.toString("utf8"));
  return observation;
}

/** How many ranges of duplicates the findings contain. */
const maxDuplicatedRanges = 1_000;

function isTrue({ counts, lost, duplicated, verdict }: Finding, { truth }: Mutant): boolean {
  return (
    isDeepStrictEqual(counts, truth.counts) &&
    (lost === undefined || isDeepStrictEqual(lost, truth.lost)) &&
    (duplicated === undefined ||
      isDeepStrictEqual(duplicated, truth.duplicated.slice(0, maxDuplicatedRanges))) &&
    verdict === truth.verdict
  );
}
