import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { effectiveSeconds, trialLoad, writingSeconds, writtenLate } from "./trial-load.ts";

const files = { folder: "/logs", sources: 2 };
const trial = { load: 1_000, durationSeconds: 4 };

function ledgerOf(...marks: [number, number][][]): Ledger {
  return {
    schema: "everyline/ledger@1",
    seed: "test",
    clock: { epochMs: 0, linesPerSecond: 500 },
    sources: marks.map((each, index) => ({ source: `app-${index}`, written: each.at(-1)![0], marks: each })),
  };
}

describe("what a trial writes", () => {
  it("has a seed and files of its own", () => {
    const [one, other] = [trialLoad(files, trial, 1), trialLoad(files, trial, 2)];
    expect(one).toMatchObject({
      lines: 4_000,
      linesPerSecond: 1_000,
      sources: ["trial-1-app-1", "trial-1-app-2"],
    });
    expect(other.seed).not.toBe(one.seed);
    expect(other.sources).not.toEqual(one.sources);
  });

  it("is late as far as it was not written when the last line was due", () => {
    const plan = trialLoad(files, trial, 1);
    const inTime: [number, number][] = [
      [0, 10_000],
      [1_999, 13_990],
      [2_000, 14_005],
    ];
    const slow: [number, number][] = [
      [0, 10_000],
      [1_500, 14_100],
      [2_000, 15_000],
    ];
    expect(writtenLate(ledgerOf(inTime, inTime), plan)).toBe(0);
    expect(writtenLate(ledgerOf(inTime, slow), plan)).toBe(500);
    expect(writingSeconds(ledgerOf(inTime, slow))).toBe(5);
  });

  it("lasts as long as it was to, though the last line is due a moment before the end", () => {
    const shorter: [number, number][] = [
      [0, 10_000],
      [2_000, 13_990],
    ];
    const longer: [number, number][] = [
      [0, 10_000],
      [2_000, 14_500],
    ];
    expect(effectiveSeconds(ledgerOf(shorter), trial)).toBe(4);
    expect(effectiveSeconds(ledgerOf(longer), trial)).toBe(4.5);
  });

  it("is late as a whole if nothing is known of it", () => {
    expect(writtenLate(ledgerOf([[0, 10_000]], [[0, 10_000]]), trialLoad(files, trial, 1))).toBe(4_000);
  });
});
