import { describe, expect, it } from "vitest";
import type { Ledger, TornLine } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { check } from "./check.ts";
import { countsSchema } from "./counts.ts";
import { Observation, observationFor } from "./observation.ts";

const seed = "seed-1";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const codec = new LineCodec(seed, clock);

/** @param torn what crashes left of the first source's lines */
function ledgerOf(written: Record<string, number>, torn: TornLine[] = []): Ledger {
  const sources = Object.entries(written).map(([source, count], index) => ({
    source,
    written: count,
    marks: [],
    ...(index === 0 && { torn }),
  }));
  return { schema: "everyline/ledger@1", seed, clock, sources };
}

function findingsOf(written: Record<string, number>, texts: string[], torn: TornLine[] = []) {
  const ledger = ledgerOf(written, torn);
  const observation = observationFor(ledger);
  for (const text of texts) observation.add(text);
  const findings = check(ledger, observation);
  expect(countsSchema.parse(findings.counts)).toEqual(findings.counts);
  return findings;
}

const lines = (source: string, ...sequences: number[]) =>
  sequences.map((sequence) => codec.encode(source, sequence));

const clean = {
  lost: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  truncated: 0,
  merged: 0,
  unexpected: 0,
  late: 0,
};

describe("check", () => {
  it("finds nothing wrong when every line comes back once and in order", () => {
    const { counts, lost } = findingsOf({ a: 3, b: 2 }, [
      ...lines("a", 1, 2),
      ...lines("b", 1, 2),
      ...lines("a", 3),
    ]);
    expect(counts).toEqual({ ...clean, written: 5, delivered: 5 });
    expect(lost).toEqual([]);
  });

  it("gives lost lines as ranges that add up", () => {
    const { counts, lost } = findingsOf({ a: 10, b: 2 }, lines("a", 2, 3, 6, 10));
    expect(lost).toEqual([
      { source: "a", from: 1, to: 1 },
      { source: "a", from: 4, to: 5 },
      { source: "a", from: 7, to: 9 },
      { source: "b", from: 1, to: 2 },
    ]);
    expect(counts).toEqual({ ...clean, written: 12, delivered: 4, lost: 8 });
  });

  it("does not balance a loss against a duplicate", () => {
    const { counts, lost, duplicated } = findingsOf({ a: 3 }, lines("a", 1, 3, 3));
    expect(counts).toEqual({ ...clean, written: 3, delivered: 2, lost: 1, duplicated: 1 });
    expect(lost).toEqual([{ source: "a", from: 2, to: 2 }]);
    expect(duplicated).toEqual([{ source: "a", from: 3, to: 3 }]);
  });

  it("counts every surplus copy: a line that came back three times is two duplicates", () => {
    expect(findingsOf({ a: 1 }, lines("a", 1, 1, 1)).counts.duplicated).toBe(2);
  });

  it("counts a corrupted line as lost too, unless an intact copy came", () => {
    const damaged = codec.encode("a", 1).replace("info", "inf0");
    expect(findingsOf({ a: 1 }, [damaged]).counts).toMatchObject({ lost: 1, corrupted: 1, delivered: 0 });
    expect(findingsOf({ a: 1 }, [damaged, ...lines("a", 1)]).counts).toMatchObject({
      lost: 0,
      corrupted: 1,
      delivered: 1,
    });
  });

  it("counts as reordered the first copies that came after a higher sequence of the same source", () => {
    expect(
      findingsOf({ a: 5, b: 1 }, [...lines("a", 1, 4, 2, 3, 2, 5), ...lines("b", 1)]).counts,
    ).toMatchObject({
      reordered: 2,
      duplicated: 1,
      lost: 0,
    });
  });

  it("never counts the sentinel", () => {
    expect(findingsOf({ a: 1 }, lines("a", 0, 1, 0)).counts).toEqual({ ...clean, written: 1, delivered: 1 });
  });

  it("counts each copy of a line that no write explains as unexpected, and shows it", () => {
    const { counts, samples } = findingsOf({ a: 2 }, [...lines("a", 1, 2, 3, 3), ...lines("b", 1), "alien"]);
    expect(counts).toEqual({ ...clean, written: 2, delivered: 2, unexpected: 4 });
    expect(samples).toEqual([
      { kind: "unexpected", text: codec.encode("b", 1), source: "b", sequence: 1 },
      { kind: "unexpected", text: "alien" },
      { kind: "unexpected", text: codec.encode("a", 3), source: "a", sequence: 3 },
    ]);
  });

  it("shows a few of the lines beyond what was written, those that came and no others", () => {
    const came = [4, 9, 11, 12, 13, 20, 70_000];
    const { counts, samples } = findingsOf({ a: 2 }, lines("a", 1, 2, ...came));
    expect(counts.unexpected).toBe(came.length);
    expect(samples.map(({ sequence }) => sequence)).toEqual(came.slice(0, 5));
  });

  it("counts copies that the place read from counts and does not answer", () => {
    const ledger = ledgerOf({ a: 2 });
    const observation = observationFor(ledger);
    for (const text of lines("a", 1, 2, 2)) observation.add(text);
    observation.hiddenCopies = 3;
    expect(check(ledger, observation).counts).toEqual({ ...clean, written: 2, delivered: 2, duplicated: 4 });
  });

  it("keeps a few samples of each kind, cut short", () => {
    const { samples } = findingsOf({ a: 1 }, [
      ...Array.from({ length: 100 }, () => "x".repeat(10_000)),
      codec.encode("a", 1).slice(1),
    ]);
    expect(samples.filter(({ kind }) => kind === "unexpected")).toHaveLength(5);
    expect(samples.filter(({ kind }) => kind === "truncated")).toHaveLength(1);
    expect(samples[0]?.text).toHaveLength(512);
  });

  it("shows a thousand ranges of duplicates and says how many more there are", () => {
    const odd = Array.from({ length: 1_200 }, (_, index) => 2 * index + 1);
    const { duplicated, duplicatedRangesOmitted, counts } = findingsOf({ a: 2_400 }, [
      ...lines("a", ...odd),
      ...lines("a", ...odd),
    ]);
    expect(duplicated).toHaveLength(1_000);
    expect(duplicatedRangesOmitted).toBe(200);
    expect(counts.duplicated).toBe(1_200);
  });

  describe("of what a crash left of a line", () => {
    const bytes = 123;
    const beginning = (length: number, sequence = 2) =>
      Buffer.from(codec.encode("a", sequence)).toString("utf8", 0, length);
    const lineBytes = Buffer.byteLength(codec.encode("a", 2));
    const tornFindingsOf = (...texts: string[]) => findingsOf({ a: 3 }, texts, [{ sequence: 2, bytes }]);
    const all = lines("a", 1, 2, 3);

    it("says that it came back as it was, and counts it as nothing else", () => {
      const { counts, torn } = tornFindingsOf(all[0]!, beginning(bytes), all[1]!, all[2]!);
      expect(counts).toEqual({ ...clean, written: 3, delivered: 3 });
      expect(torn).toEqual([{ source: "a", sequence: 2, bytes, lineBytes, arrived: true }]);
    });

    it("says that it did not come back, which is no loss", () => {
      const { counts, torn } = tornFindingsOf(...all);
      expect(counts).toEqual({ ...clean, written: 3, delivered: 3 });
      expect(torn).toEqual([{ source: "a", sequence: 2, bytes, lineBytes, arrived: false }]);
    });

    it("takes a further copy for a duplicate", () => {
      const copies = Array.from({ length: 3 }, () => beginning(bytes));
      expect(tornFindingsOf(...copies, ...all).counts).toEqual({
        ...clean,
        written: 3,
        delivered: 3,
        duplicated: 2,
      });
    });

    it("still counts a lost line as lost, though it may have been cut at the same place", () => {
      expect(tornFindingsOf(all[0]!, beginning(bytes), all[2]!).counts).toMatchObject({
        lost: 1,
        truncated: 0,
      });
    });

    it("still counts any other piece of this or another line as damage", () => {
      for (const piece of [
        beginning(bytes - 1),
        beginning(bytes + 1),
        beginning(bytes, 1),
        all[1]!.slice(1),
      ]) {
        const { counts, torn } = tornFindingsOf(piece, ...all);
        expect(counts).toEqual({ ...clean, written: 3, delivered: 3, truncated: 1 });
        expect(torn[0]!.arrived).toBe(false);
      }
    });

    it("accepts a text without an identity as often as crashes left it", () => {
      const left = [
        { sequence: 2, bytes: 3 },
        { sequence: 3, bytes: 3 },
      ];
      const start = '{"i';
      expect(findingsOf({ a: 3 }, [start, start, ...all], left).torn.map(({ arrived }) => arrived)).toEqual([
        true,
        true,
      ]);
      expect(findingsOf({ a: 3 }, [start, ...all], left).torn.map(({ arrived }) => arrived)).toEqual([
        true,
        false,
      ]);
      expect(findingsOf({ a: 3 }, ['{"x', ...all], left).counts.unexpected).toBe(1);
    });

    it("recognises a character that was cut by one U+FFFD or several, up to one for each byte", () => {
      const emoji = 4;
      const sequence = Array.from({ length: 1_000 }, (_, index) => index + 1).find((candidate) =>
        codec.encode("a", candidate).includes("🚀"),
      )!;
      const [before] = codec.encode("a", sequence).split("🚀");
      const start = Buffer.byteLength(before!);
      for (let cut = 1; cut < emoji; cut++) {
        const left = [{ sequence, bytes: start + cut }];
        for (let signs = 0; signs <= emoji; signs++) {
          const { torn, counts } = findingsOf({ a: sequence }, [before + "\uFFFD".repeat(signs)], left);
          const isIt = signs >= 1 && signs <= cut;
          expect({ arrived: torn[0]!.arrived, damaged: counts.truncated + counts.corrupted }).toEqual({
            arrived: isIt,
            damaged: isIt ? 0 : 1,
          });
        }
      }
    });

    it("recognises a beginning that ends with a whole character of two, three or four bytes", () => {
      for (const character of ["ï", "€", "🚀"]) {
        const sequence = Array.from({ length: 1_000 }, (_, index) => index + 1).find((candidate) =>
          codec.encode("a", candidate).includes(character),
        )!;
        const text = codec.encode("a", sequence);
        const beginning = text.slice(0, text.indexOf(character) + character.length);
        const left = [{ sequence, bytes: Buffer.byteLength(beginning) }];
        expect(findingsOf({ a: sequence }, [beginning], left).torn[0]!.arrived).toBe(true);
        const without = text.slice(0, text.indexOf(character));
        expect(findingsOf({ a: sequence }, [`${without}\uFFFD`], left).torn[0]!.arrived).toBe(false);
      }
    });

    it("says of a text that it is one", () => {
      const observation = observationFor(ledgerOf({ a: 3 }, [{ sequence: 2, bytes }]));
      expect(observation.add(beginning(bytes))).toEqual({ kind: "torn", source: "a", sequence: 2 });
    });

    it("gives a text that two crashes explain to the one that explains nothing else", () => {
      const sequence = Array.from({ length: 1_000 }, (_, index) => index + 1).find((candidate) =>
        codec.encode("a", candidate).includes("🚀"),
      )!;
      const [before] = codec.encode("a", sequence).split("🚀");
      const start = Buffer.byteLength(before!);
      const left = [3, 2, 1].map((cut) => ({ sequence, bytes: start + cut }));
      const texts = [1, 2, 3].map((signs) => before + "\uFFFD".repeat(signs));
      const { torn, counts } = findingsOf({ a: sequence }, texts, left);
      expect(torn.map(({ arrived }) => arrived)).toEqual([true, true, true]);
      expect(counts).toMatchObject({ duplicated: 0, truncated: 0, corrupted: 0 });
    });

    it("refuses an observation that was made without the partial line", () => {
      const ledger = ledgerOf({ a: 1 }, [{ sequence: 1, bytes }]);
      expect(() => check(ledger, new Observation(seed, clock, ["a"]))).toThrow(
        new RangeError("the observation did not look for what crashes left at the source"),
      );
    });
  });

  it("passes on how many late lines the run counted", () => {
    expect(check(ledgerOf({ a: 0 }), new Observation(seed, clock, ["a"]), 7).counts.late).toBe(7);
  });

  it("refuses an observation of another run", () => {
    const ledger = ledgerOf({ a: 1 });
    const refusals: [Observation, string][] = [
      [
        new Observation("seed-2", clock, ["a"]),
        "the observation of run seed-2 cannot be checked against the ledger of seed-1",
      ],
      [
        new Observation(seed, { ...clock, linesPerSecond: 51 }, ["a"]),
        "the observation of run seed-1 cannot be checked against the ledger of seed-1",
      ],
      [new Observation(seed, clock, ["b"]), "the observation did not look for source a"],
    ];
    for (const [other, message] of refusals) {
      expect(() => check(ledger, other)).toThrow(new RangeError(message));
    }
  });
});

describe("Observation", () => {
  it("says of each text what it was", () => {
    const observation = new Observation(seed, clock, ["a"]);
    const [first, second] = lines("a", 1, 2);
    expect(observation.add(codec.encode("a", 0))).toEqual({ kind: "sentinel", source: "a", sequence: 0 });
    expect(observation.add(first!)).toEqual({ kind: "first", source: "a", sequence: 1 });
    expect(observation.add(first!)).toEqual({ kind: "again", source: "a", sequence: 1 });
    expect(observation.add(second!.slice(0, 80))).toEqual({
      kind: "truncated",
      identity: { source: "a", sequence: 2 },
    });
    expect(observation.add("")).toEqual({ kind: "unexpected" });
  });

  it("knows while the load still runs what was delivered", () => {
    const observation = new Observation(seed, clock, ["a", "b"]);
    for (const text of [...lines("a", 1, 3, 3), ...lines("b", 9), "alien"]) observation.add(text);
    expect([1, 2, 3].map((sequence) => observation.isDelivered("a", sequence))).toEqual([true, false, true]);
    expect(observation.isDelivered("c", 1)).toBe(false);
    expect(observation.deliveredCount("a")).toBe(2);
    expect(observation.deliveredCount("c")).toBe(0);
    expect(observation.deliveredCount()).toBe(3);
    expect(observation.damagedCount("unexpected")).toBe(1);
  });
});
