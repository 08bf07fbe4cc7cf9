import { everyline } from "./checker.ts";
import { type History, historyOf } from "./history.ts";
import { knownBad } from "./known-bad.ts";
import { mutantsOf, pairsOf } from "./mutate.ts";
import { Random } from "./random.ts";
import type { ScoreBoard } from "./score.ts";
import { tryCheckers, tryFiles, tryReadings } from "./trial.ts";

/** The results of all trials. */
export interface Campaign {
  seed: number;
  /** Everyline and the known-bad checkers, on the same mutants. */
  inMemory: ScoreBoard[];
  byFiles: ScoreBoard;
  asReadings: ScoreBoard;
}

const all = Number.POSITIVE_INFINITY;

/** Short histories, which are damaged in every way at every boundary. */
const shortHistories = (seed: string): History[] => [
  historyOf(seed, { solo: 1 }, "stream by stream"),
  historyOf(seed, { a: 12, "a.b": 8, b: 1, silent: 0 }, "in turn"),
];

/** Longer than a batch, a chunk in which files are read, and a time slice. */
const longHistories = (seed: string): History[] => [
  historyOf(seed, { "app-1": 240, "app-10": 132, b_c: 1 }, "in turn"),
  historyOf(seed, { "app-1": 240, "app-10": 132, b_c: 1 }, "stream by stream"),
];

const longerHistory = (seed: string): History =>
  historyOf(seed, { a: 1_200, "app-1": 700, "app-2": 301, z: 64 }, "stream by stream");

/** Longer than a page of the tally, which holds 65,536 sequences. */
const longestHistory = (seed: string): History =>
  historyOf(seed, { big: 70_000, other: 30_000 }, "stream by stream");

/** Tests every kind of damage in every way; takes about half a minute. */
export async function runCampaign(seed: number): Promise<Campaign> {
  const runSeed = `run-${new Random(seed).integer(1_000, 9_999)}`;
  const short = { histories: shortHistories(runSeed), edges: all, randomPlaces: 3 };
  const long = { histories: longHistories(runSeed), edges: 5, randomPlaces: 2 };
  const longer = { histories: [longerHistory(runSeed)], edges: 2, randomPlaces: 1 };
  const longest = {
    histories: [longestHistory(runSeed)],
    edges: 2,
    randomPlaces: 0,
    kinds: 40,
    mutantsPerKind: 1,
  };
  function* mutants() {
    const random = new Random(seed);
    for (const extent of [short, long, longer, longest]) yield* mutantsOf(extent, random);
    yield* pairsOf(runSeed, 500, random);
  }
  function* mutantsForFiles() {
    const random = new Random(seed + 1);
    for (const extent of [short, long]) yield* mutantsOf(extent, random);
    yield* pairsOf(runSeed, 200, random);
  }
  function* mutantsForReadings() {
    const random = new Random(seed + 2);
    yield* mutantsOf(short, random);
    yield* pairsOf(runSeed, 200, random);
  }
  return {
    seed,
    inMemory: tryCheckers(mutants(), [everyline, ...knownBad]),
    byFiles: await tryFiles(mutantsForFiles()),
    asReadings: tryReadings(mutantsForReadings()),
  };
}
