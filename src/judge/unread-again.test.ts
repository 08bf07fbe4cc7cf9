import { expect, it } from "vitest";
import { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import { Observation } from "./observation.ts";
import type { ReadingDoubt } from "./reasons.ts";
import { unreadAgain } from "./unread-again.ts";

const clock = { epochMs: 1_800_000_000_000, linesPerSecond: 100 };
const startedAtMs = clock.epochMs + 10_000;
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock,
  sources: [{ source: "a", written: 4, marks: [] }],
};

function doubtsOf(seenAtMs: Record<number, number>, ...readings: number[][]): ReadingDoubt[] {
  const arrivals = new Arrivals(clock.epochMs, new Map([["a", 4]]));
  for (const [sequence, atMs] of Object.entries(seenAtMs)) arrivals.add("a", Number(sequence), atMs);
  const observations = readings.map((sequences) => {
    const observation = new Observation("seed", clock, ["a"]);
    for (const sequence of sequences) observation.add(observation.codec.encode("a", sequence));
    return observation;
  });
  return unreadAgain(ledger, arrivals, observations, startedAtMs);
}

it("doubts a reading that misses what was readable since the sink last started", () => {
  const [doubt, ...others] = doubtsOf({ 2: startedAtMs + 5_000, 3: startedAtMs + 6_000 }, [1, 4], [1, 4]);
  expect(others).toEqual([]);
  const first = { source: "a", sequence: 2, atMs: startedAtMs + 5_000 };
  expect(doubt).toEqual({ code: "unread-again", lines: 2, first });
});

it("does not doubt lines that the sink may have lost in a restart, nor lines that were never seen", () => {
  expect(doubtsOf({ 2: startedAtMs - 1, 3: startedAtMs + 500 }, [1])).toEqual([]);
  expect(doubtsOf({}, [1])).toEqual([]);
});

it("doubts nothing that one of the readings had, or where none was completed", () => {
  expect(doubtsOf({ 2: startedAtMs + 5_000 }, [1], [2])).toEqual([]);
  expect(doubtsOf({ 2: startedAtMs + 5_000 })).toEqual([]);
});
