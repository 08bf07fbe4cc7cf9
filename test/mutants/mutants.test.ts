import { describe, expect, it } from "vitest";
import { type Checker, everyline, type Finding } from "./checker.ts";
import { historyOf } from "./history.ts";
import { kindsByGroup } from "./kinds/all.ts";
import { knownBad } from "./known-bad.ts";
import { mutantsOf, pairsOf } from "./mutate.ts";
import { Random } from "./random.ts";
import { sumOf } from "./score.ts";
import { tryCheckers, tryFiles, tryReadings } from "./trial.ts";

const histories = [
  historyOf("run-1", { solo: 1 }, "stream by stream"),
  historyOf("run-1", { a: 160, "a.b": 12, silent: 0 }, "in turn"),
];

const extent = { histories, edges: 3, randomPlaces: 1 };
const mutants = () => [...mutantsOf(extent, new Random(7)), ...pairsOf("run-1", 100, new Random(8))];

describe("Everyline", () => {
  const [board] = tryCheckers(mutants(), [everyline]);

  it("gives the exact result for every mutant, line by line", () => {
    expect(board!.survivors).toEqual([]);
    expect(sumOf(board!.scores, "killed")).toBe(sumOf(board!.scores, "mutants"));
  });

  it("is tested with every kind of damage", () => {
    const tried = board!.scores.map(({ kind }) => kind);
    const kinds = Object.values(kindsByGroup).flat();
    expect(tried).toEqual(expect.arrayContaining(kinds.map(({ name }) => name)));
    expect(new Set(tried).size).toBe(kinds.length + 1);
  });

  it("gives the exact result for files of every form, too", async () => {
    const board = await tryFiles(mutants());
    expect(board.survivors).toEqual([]);
    expect(sumOf(board.scores, "mutants")).toBeGreaterThan(900);
  });

  it("misses no damage that one of two readings shows", () => {
    const board = tryReadings(mutants());
    expect(board.survivors).toEqual([]);
    expect(sumOf(board.scores, "mutants")).toBeGreaterThan(900);
  });
});

/** Kinds of which a checker accepts every mutant. */
function blindSpotsOf(name: string): string[] {
  const [board] = tryCheckers(
    mutants(),
    knownBad.filter((checker) => checker.name === name),
  );
  return board!.scores.filter(({ wrongHolds, mutants }) => wrongHolds === mutants).map(({ kind }) => kind);
}

describe("checkers that are known to be bad", () => {
  it("a set sees no duplicate, but a lost tail", () => {
    const blind = blindSpotsOf("set");
    expect(blind).toContain("a line twice, with the same timestamp");
    expect(blind).toContain("everything twice");
    expect(blind).not.toContain("the tail of a source lost");
  });

  it("a counter lets a duplicate make up for a loss", () => {
    const blind = blindSpotsOf("counter");
    expect(blind).toContain("a loss and a duplicate of one source, which cancel in its count");
    expect(blind).toContain("the tail lost and as much of the head twice");
    expect(blind).not.toContain("a line twice, with the same timestamp");
  });

  it("the highest number less the count sees no lost tail and no lost source", () => {
    const blind = blindSpotsOf("gaps");
    expect(blind).toContain("the tail of a source lost");
    expect(blind).toContain("a whole source lost, its sentinel with it");
    expect(blind).toContain("everything lost");
    expect(blind).not.toContain("a block in the middle of a source lost");
  });
});

/** Everyline's checker with one wrong result. */
function spoilt(spoil: (finding: Finding) => void): Checker {
  return {
    ...everyline,
    find(...given) {
      const finding = structuredClone(everyline.find(...given));
      spoil(finding);
      return finding;
    },
  };
}

describe("a mutant survives", () => {
  const spoils: Record<string, (finding: Finding) => void> = {
    "a count that is off by one": ({ counts }) => {
      counts.unexpected++;
    },
    "a kind for another": ({ counts }) => {
      Object.assign(counts, { merged: counts.corrupted, corrupted: counts.merged });
    },
    "a lost line that is not named": ({ lost }) => {
      lost!.pop();
    },
    "another line named": ({ lost }) => {
      for (const range of lost!) range.to++;
    },
    "a duplicate that is not named": ({ duplicated }) => {
      duplicated!.pop();
    },
    "order that is not looked at": ({ counts }) => {
      counts.reordered = 0;
    },
    "a verdict that is always the same": (finding) => {
      finding.verdict = "broken";
    },
  };
  const few = { histories: [historyOf("run-1", { a: 12, b: 3 }, "in turn")], edges: 1, randomPlaces: 0 };

  it.each(Object.entries(spoils))("%s", (_, spoil) => {
    const [board] = tryCheckers(mutantsOf(few, new Random(7)), [spoilt(spoil)]);
    expect(board!.survivors).not.toEqual([]);
  });
});
