import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { assess, type RunEvidence } from "./assess.ts";
import type { FaultRecord } from "./fault-record.ts";
import { judgedFaults, linesWrittenDuring } from "./judged-faults.ts";
import { Observation } from "./observation.ts";

const epochMs = Date.UTC(2026, 0, 1);
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock: { epochMs, linesPerSecond: 1 },
  sources: [
    {
      source: "a",
      written: 30,
      marks: Array.from({ length: 31 }, (_, line): [number, number] => [line, epochMs + line * 1_000]),
    },
  ],
};
const fault = {
  kind: "kill",
  target: "sink",
  startedAt: new Date(epochMs + 5_000).toISOString(),
  endedAt: new Date(epochMs + 9_000).toISOString(),
  effective: true,
  evidence: [],
};

/** What was read: each line as often as `copiesOf` tells. */
function observed(copiesOf: (line: number) => number): Observation {
  const observation = new Observation("seed", ledger.clock, ["a"]);
  for (let line = 1; line <= 30; line++) {
    for (let copy = 0; copy < copiesOf(line); copy++) observation.add(observation.codec.encode("a", line));
  }
  return observation;
}

function verdictOf({
  faults = [fault],
  ...changes
}: Partial<Omit<RunEvidence, "faults">> & { faults?: FaultRecord[] }) {
  const evidence = {
    bounds: { lost: 0 },
    ledger,
    observations: [observed(() => 1)],
    doubts: [],
    reservations: [],
    late: 0,
  };
  const given = { ...evidence, ...changes };
  return assess({ ...given, faults: judgedFaults({}, faults, given.ledger) }).judgement;
}

describe("assess", () => {
  it("holds where both readings have every line", () => {
    expect(verdictOf({ observations: [observed(() => 1), observed(() => 1)] }).verdict).toBe("holds");
  });

  it("is broken by what alerts did not do", () => {
    const silence = { code: "silent-loss", lines: 3, rules: 9 } as const;
    const missed = { code: "alert-missed", alert: "one/A", what: "not-ended", pendingSeconds: null } as const;
    expect(verdictOf({ silence, missed: [missed] })).toEqual({
      verdict: "broken",
      reasons: [silence, missed],
    });
  });

  it("is unknown where two readings differ", () => {
    const { verdict, reasons } = verdictOf({
      observations: [observed(() => 1), observed((line) => (line === 7 ? 0 : 1))],
    });
    expect(verdict).toBe("unknown");
    expect(reasons).toEqual([{ code: "readings-differ", delivered: [30, 29] }]);
  });

  it("is broken by what both readings lack, though they differ in fewer lines than that", () => {
    const without = (...lost: number[]) => observed((line) => (lost.includes(line) ? 0 : 1));
    const lacking = (one: number[], other: number[]) =>
      verdictOf({ observations: [without(...one), without(...other)] });
    for (const [one, other] of [
      [
        [3, 4, 7],
        [3, 4],
      ],
      [
        [3, 4],
        [3, 4, 7],
      ],
    ] as const)
      expect(lacking([...one], [...other])).toEqual({
        verdict: "broken",
        reasons: [
          { code: "lost", lines: 2, written: 30, most: 0 },
          { code: "some-lines-differ", lines: 1 },
        ],
      });
    expect(lacking([3, 4, 7], [3, 4, 8]).verdict).toBe("unknown");
    expect(lacking([3, 4, 5, 7], [3, 4, 5, 8]).verdict).toBe("broken");
  });

  it("does not hold where readings differ in a few lines, though what both lack is within the bound", () => {
    const without = (...lost: number[]) => observed((line) => (lost.includes(line) ? 0 : 1));
    expect(verdictOf({ observations: [without(3, 4), without(3, 4, 7)], bounds: { lost: 2 } })).toEqual({
      verdict: "unknown",
      reasons: [{ code: "some-lines-differ", lines: 1 }],
    });
  });

  it("counts the reading with more duplicates, whichever it is", () => {
    const [once, twice] = [observed(() => 1), observed((line) => (line === 7 ? 2 : 1))];
    for (const observations of [
      [once, twice],
      [twice, once],
    ]) {
      expect(verdictOf({ observations, bounds: { lost: 0, duplicated: 0 } }).verdict).toBe("broken");
    }
  });

  it("counts what one reading saw, whichever it is, though the other has every line and no damage", () => {
    const intact = (count: number) => observed((line) => (line === 7 ? count : 1));
    const line = intact(1).codec.encode("a", 9);
    const damaged = {
      corrupted: `${line}\r`,
      truncated: line.slice(1),
      merged: line + line,
      unexpected: "alien",
    };
    for (const [kind, text] of Object.entries(damaged)) {
      const spoilt = intact(1);
      spoilt.add(text);
      for (const observations of [
        [intact(1), spoilt],
        [spoilt, intact(1)],
        [spoilt, intact(2)],
        [intact(2), spoilt],
      ]) {
        const { verdict, reasons } = verdictOf({ observations });
        expect({ verdict, reasons }).toEqual({
          verdict: "broken",
          reasons: [{ code: "damaged", damage: kind, lines: 1 }],
        });
      }
    }
  });

  it("is unknown where two readings lack equally many lines, but different ones", () => {
    const without = (lost: number) => observed((line) => (line === lost ? 0 : 1));
    const observations = [without(7), without(8)];
    expect(verdictOf({ observations, bounds: { lost: 1 } })).toEqual({
      verdict: "unknown",
      reasons: [{ code: "readings-differ", delivered: [29, 29] }],
    });
    expect(verdictOf({ observations: [without(7), without(7)], bounds: { lost: 1 } }).verdict).toBe("holds");
  });

  it("measures the window of a loss from before its first line to after its last", () => {
    const lossOf = (from: number, to: number) => [observed((line) => (line >= from && line <= to ? 0 : 1))];
    const bounds = { lostWindowSeconds: 10 };
    expect(verdictOf({ bounds, observations: lossOf(5, 13) }).verdict).toBe("holds");
    expect(verdictOf({ bounds, observations: lossOf(5, 14) }).verdict).toBe("broken");
    // Two lines far apart are a wide window, however few they are.
    expect(
      verdictOf({ bounds, observations: [observed((line) => (line === 1 || line === 30 ? 0 : 1))] }).verdict,
    ).toBe("broken");
  });

  it("is unknown when no line was written under a fault", () => {
    const later = new Date(epochMs + 100_000).toISOString();
    const after = { ...fault, startedAt: later, endedAt: new Date(epochMs + 110_000).toISOString() };
    expect(verdictOf({ faults: [after] }).reasons).toEqual([{ code: "fault-without-lines", fault: 0 }]);
  });

  it("holds under a fault that takes no time, which needs no lines written meanwhile", () => {
    const moment = new Date(epochMs + 5_000).toISOString();
    const rotation = { ...fault, kind: "rotate", startedAt: moment, endedAt: moment };
    expect(verdictOf({ faults: [rotation] }).verdict).toBe("holds");
    expect(verdictOf({ faults: [{ ...rotation, effective: false }] }).verdict).toBe("unknown");
  });

  it("counts the lines of all sources that were certainly written while a fault held", () => {
    const [source] = ledger.sources;
    const both = { ...ledger, sources: [source!, { ...source!, source: "b" }] };
    expect(linesWrittenDuring(fault, ledger)).toBe(4);
    expect(linesWrittenDuring(fault, both)).toBe(8);
    const before = { ...fault, endedAt: new Date(epochMs - 1).toISOString() };
    expect(linesWrittenDuring({ ...before, startedAt: before.endedAt }, both)).toBe(0);
  });

  it("measures age and window in each source by itself", () => {
    const [source] = ledger.sources;
    const both: Ledger = { ...ledger, sources: [source!, { ...source!, source: "b" }] };
    const verdictWithout = (bounds: RunEvidence["bounds"], lostOfA: number[], lostOfB: number[]) => {
      const observation = new Observation("seed", both.clock, ["a", "b"]);
      for (let line = 1; line <= 30; line++) {
        if (!lostOfA.includes(line)) observation.add(observation.codec.encode("a", line));
        if (!lostOfB.includes(line)) observation.add(observation.codec.encode("b", line));
      }
      const endedAt = new Date(epochMs + 21_000).toISOString();
      return verdictOf({
        bounds,
        ledger: both,
        observations: [observation],
        faults: [{ ...fault, endedAt }],
      });
    };
    expect(verdictWithout({ lostOlderThanSeconds: 10 }, [12], [3]).verdict).toBe("broken");
    expect(verdictWithout({ lostOlderThanSeconds: 10 }, [3], [12]).verdict).toBe("broken");
    expect(verdictWithout({ lostOlderThanSeconds: 10 }, [3], [11]).verdict).toBe("holds");
    expect(verdictWithout({ lostWindowSeconds: 5 }, [3], [20]).verdict).toBe("holds");
    expect(verdictWithout({ lostWindowSeconds: 5 }, [3], [20, 24]).verdict).toBe("broken");
  });

  it("needs no age where nothing is lost", () => {
    expect(verdictOf({ bounds: { lostOlderThanSeconds: 10 }, faults: [] }).verdict).toBe("holds");
  });

  it("tells what the first of two readings saw that have as many duplicates", () => {
    const [inOrder, reversed] = [observed(() => 2), new Observation("seed", ledger.clock, ["a"])];
    for (let line = 30; line >= 1; line--) {
      for (const text of [line, line].map((n) => reversed.codec.encode("a", n))) reversed.add(text);
    }
    const reorderedIn = (...observations: Observation[]) =>
      assess({ bounds: {}, ledger, observations, faults: [], doubts: [], reservations: [], late: 0 }).findings
        .counts.reordered;
    expect(reorderedIn(inOrder, reversed)).toBe(0);
    expect(reorderedIn(reversed, inOrder)).toBe(29);
  });

  it("takes the age of the youngest lost line at the end of the last fault from the marks of its source", () => {
    const ending = (seconds: number) => ({
      ...fault,
      endedAt: new Date(epochMs + seconds * 1_000).toISOString(),
    });
    // Lines 3 and 12 are lost; line 12 was written at 12 s.
    const observations = [observed((line) => (line === 3 || line === 12 ? 0 : 1))];
    const bounds = { lostOlderThanSeconds: 10 };
    const verdictAt = (...seconds: number[]) =>
      verdictOf({ bounds, observations, faults: seconds.map(ending) }).verdict;
    expect(verdictAt(22)).toBe("holds");
    expect(verdictAt(21.999)).toBe("broken");
    expect(verdictAt(22, 9)).toBe("holds");
    expect(verdictAt(9, 21)).toBe("broken");
  });

  it("counts a lost line as just written where no mark covers its write", () => {
    const [source] = ledger.sources;
    const unmarked = { ...ledger, sources: [{ ...source!, marks: source!.marks.slice(0, 12) }] };
    const bounds = { lostOlderThanSeconds: 0.001 };
    const late = { ...fault, endedAt: new Date(epochMs + 90_000).toISOString() };
    const lost = [observed((line) => (line === 12 ? 0 : 1))];
    expect(verdictOf({ bounds, ledger: unmarked, observations: lost, faults: [late] }).verdict).toBe(
      "broken",
    );
  });

  it("takes it from the lines' own times where these are a backlog's, of whichever source it is in", () => {
    // Of each source lines 1 to 20 lie an hour apart, and line 21 comes when the outage of 20 hours ends.
    const backlog = { lines: 20, spanMs: 20 * 3_600_000, sentinelAgeMs: 20 * 3_600_000 };
    const [source] = ledger.sources;
    const lapsed: Ledger = {
      ...ledger,
      clock: { ...ledger.clock, backlog },
      sources: [source!, { ...source!, source: "b" }],
    };
    const verdictWithout = (lostOfA: number[], lostOfB: number[]) => {
      const observation = new Observation("seed", lapsed.clock, ["a", "b"]);
      for (let line = 1; line <= 30; line++) {
        if (!lostOfA.includes(line)) observation.add(observation.codec.encode("a", line));
        if (!lostOfB.includes(line)) observation.add(observation.codec.encode("b", line));
      }
      const bounds = { lostOlderThanSeconds: 10 * 3_600 };
      return verdictOf({ bounds, ledger: lapsed, observations: [observation] });
    };
    expect(verdictWithout([], []).verdict).toBe("holds");
    // Line 11 is exactly ten hours old.
    expect(verdictWithout([1, 2, 11], [4]).verdict).toBe("holds");
    expect(verdictWithout([1, 12], []).reasons).toEqual([
      { code: "lost-young", ageSeconds: 9 * 3_600, atLeast: 10 * 3_600 },
    ]);
    expect(verdictWithout([1, 2], [3, 12]).verdict).toBe("broken");
    expect(verdictWithout([10, 11, 12], []).verdict).toBe("broken");
    expect(verdictWithout([], [30]).verdict).toBe("broken");
  });
});
