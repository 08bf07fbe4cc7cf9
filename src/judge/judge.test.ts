import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { worstOf } from "../plan/verdict.ts";
import type { Counts } from "./counts.ts";
import { type Evidence, judge } from "./judge.ts";

const clean: Counts = {
  written: 100,
  delivered: 100,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  truncated: 0,
  merged: 0,
  unexpected: 0,
  late: 0,
};
const effective = { effective: true, held: { seconds: 1, lines: 9 } };
const cutOff = { code: "not-read", problem: { code: "told", text: "cut off" } } as const;
const setAside = { code: "reading-set-aside", reading: "before-flush", problem: cutOff.problem } as const;

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    bounds: { lost: 0 },
    counts: clean,
    lostWindowSeconds: 0,
    youngestLostSeconds: undefined,
    rpo: undefined,
    faults: [effective],
    doubts: [],
    reservations: [],
    ...changes,
  };
}

function withCounts(counts: Partial<Counts>): Evidence {
  return evidence({ counts: { ...clean, ...counts } });
}

describe("judge", () => {
  it("holds on a clean run with an effective fault, without reasons", () => {
    expect(judge(evidence())).toEqual({ verdict: "holds", reasons: [] });
  });

  it("is broken by one lost line too many", () => {
    expect(judge(withCounts({ lost: 1, delivered: 99 }))).toEqual({
      verdict: "broken",
      reasons: [{ code: "lost", lines: 1, written: 100, most: 0 }],
    });
    const few = { ...withCounts({ lost: 3, delivered: 97 }), bounds: { lost: 3 } };
    expect(judge(few).verdict).toBe("holds");
    expect(judge({ ...few, bounds: { lost: 2 } }).reasons).toEqual([
      { code: "lost", lines: 3, written: 100, most: 2 },
    ]);
  });

  it("is broken by a loss that no alert noticed, unless a missing line may only not have been read", () => {
    const silence = { code: "silent-loss", lines: 3, rules: 9 } as const;
    const silent = { ...withCounts({ lost: 3, delivered: 97 }), bounds: {}, silence };
    expect(judge(silent)).toEqual({ verdict: "broken", reasons: [silence] });
    expect(judge({ ...silent, doubts: [cutOff] })).toEqual({ verdict: "unknown", reasons: [cutOff] });
  });

  it("is broken by an alert that did not do what the scenario makes it do, whatever was read", () => {
    const missed = { code: "alert-missed", alert: "one/A", what: "not-fired", pendingSeconds: null } as const;
    expect(judge(evidence({ missed: [missed] }))).toEqual({ verdict: "broken", reasons: [missed] });
    expect(judge(evidence({ missed: [missed], doubts: [cutOff] }))).toEqual({
      verdict: "broken",
      reasons: [missed, cutOff],
    });
    expect(judge(evidence({ missed: [] })).verdict).toBe("holds");
  });

  it("is broken by no loss where none is bounded", () => {
    const lossy = { ...withCounts({ lost: 3, delivered: 97 }), lostWindowSeconds: 5, youngestLostSeconds: 1 };
    expect(judge({ ...lossy, bounds: {} }).verdict).toBe("holds");
    expect(judge({ ...lossy, bounds: { lost: 3 } }).verdict).toBe("holds");
  });

  it.each(["corrupted", "truncated", "merged", "unexpected"] as const)(
    "is broken by a %s line whatever was promised",
    (kind) => {
      expect(judge({ ...withCounts({ [kind]: 1 }), bounds: {} }).verdict).toBe("broken");
    },
  );

  it("is broken by a duplicate only where an exact count is promised", () => {
    const duplicated = withCounts({ duplicated: 1 });
    expect(judge(duplicated).verdict).toBe("holds");
    expect(judge({ ...duplicated, bounds: { lost: 0, duplicated: 0 } })).toEqual({
      verdict: "broken",
      reasons: [{ code: "duplicated", copies: 1, most: 0 }],
    });
    const several = { ...withCounts({ duplicated: 3 }), bounds: { duplicated: 3 } };
    expect(judge(several).verdict).toBe("holds");
    expect(judge({ ...several, bounds: { duplicated: 2 } }).reasons).toEqual([
      { code: "duplicated", copies: 3, most: 2 },
    ]);
  });

  it("allows loss within a window shorter than promised, and in no longer one", () => {
    const lossy = { ...withCounts({ lost: 20, delivered: 80 }), bounds: { lostWindowSeconds: 10 } };
    expect(judge({ ...lossy, lostWindowSeconds: 9.9 }).verdict).toBe("holds");
    expect(judge({ ...lossy, lostWindowSeconds: 10 })).toEqual({
      verdict: "broken",
      reasons: [{ code: "lost-window", seconds: 10, below: 10 }],
    });
    expect(judge({ ...lossy, lostWindowSeconds: 10, doubts: [cutOff] }).verdict).toBe("unknown");
  });

  it("allows loss of what was older than promised when the outage ended, and of nothing younger", () => {
    const lossy = {
      ...withCounts({ lost: 20, delivered: 80 }),
      bounds: { lost: 40, lostOlderThanSeconds: 604_800 },
    };
    expect(judge({ ...lossy, youngestLostSeconds: 604_801 }).verdict).toBe("holds");
    expect(judge({ ...lossy, youngestLostSeconds: 604_800 }).verdict).toBe("holds");
    expect(judge({ ...lossy, youngestLostSeconds: 601_200 })).toEqual({
      verdict: "broken",
      reasons: [{ code: "lost-young", ageSeconds: 601_200, atLeast: 604_800 }],
    });
    expect(judge({ ...lossy, youngestLostSeconds: -5 }).verdict).toBe("broken");
    expect(judge({ ...lossy, youngestLostSeconds: 1, doubts: [cutOff] }).verdict).toBe("unknown");
    expect(judge(evidence({ bounds: { lostOlderThanSeconds: 604_800 } })).verdict).toBe("holds");
  });

  it("never holds where lines were lost and it cannot be told when", () => {
    const lossy = { ...withCounts({ lost: 1, delivered: 99 }), lostWindowSeconds: Number.NaN };
    expect(judge({ ...lossy, bounds: { lostWindowSeconds: 10 } })).toEqual({
      verdict: "broken",
      reasons: [{ code: "lost-window", seconds: null, below: 10 }],
    });
    const olderThan = { ...lossy, bounds: { lostOlderThanSeconds: 10 } };
    expect(judge({ ...olderThan, youngestLostSeconds: Number.NaN })).toEqual({
      verdict: "broken",
      reasons: [{ code: "lost-young", ageSeconds: null, atLeast: 10 }],
    });
  });

  it("allows a recovery point below the promised one, and no higher one", () => {
    const lossOfSite = evidence({ bounds: { rpoSeconds: 1 } });
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0, isUpperBound: false } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0.999, isUpperBound: false } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 1, isUpperBound: false } })).toEqual({
      verdict: "broken",
      reasons: [{ code: "recovery-point", seconds: 1, below: 1 }],
    });
    expect(
      judge({ ...lossOfSite, rpo: { rpoSeconds: 5, isUpperBound: false }, doubts: [cutOff] }).verdict,
    ).toBe("unknown");
    expect(judge(evidence({ rpo: { rpoSeconds: 5, isUpperBound: false } })).verdict).toBe("holds");
  });

  it("is unknown where the recovery point may be shorter than the measured bound", () => {
    const lossOfSite = evidence({ bounds: { rpoSeconds: 1 } });
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0.9, isUpperBound: true } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 1.1, isUpperBound: true } })).toEqual({
      verdict: "unknown",
      reasons: [{ code: "recovery-point-at-most", seconds: 1.1 }],
    });
  });

  describe("with a promised recovery time", () => {
    const within = (seconds: number | null, unseen = 0, changes: Partial<Evidence> = {}, readBy?: number) =>
      judge(
        evidence({
          bounds: { recoverySeconds: 60 },
          recovery: { seconds, unseen, readBySeconds: readBy ?? null },
          ...changes,
        }),
      );

    it("holds up to the bound, and is broken where the lines came so late that a look at the sink cannot explain it", () => {
      expect(within(0).verdict).toBe("holds");
      expect(within(60)).toEqual({ verdict: "holds", reasons: [] });
      expect(within(70.1)).toEqual({
        verdict: "broken",
        reasons: [{ code: "recovery-time", seconds: 70.1, most: 60 }],
      });
    });

    it("is unknown where they may have been readable in time", () => {
      for (const seconds of [60.1, 70])
        expect(within(seconds)).toEqual({
          verdict: "unknown",
          reasons: [{ code: "recovery-at-most", seconds, most: 60 }],
        });
    });

    it("is unknown where it was not measured, of all lines or of some", () => {
      const unmeasured = (lines: number | null) => ({
        verdict: "unknown",
        reasons: [{ code: "recovery-unmeasured", lines }],
      });
      expect(within(null)).toEqual(unmeasured(null));
      expect(within(3, 2)).toEqual(unmeasured(2));
      expect(judge(evidence({ bounds: { recoverySeconds: 60 } }))).toEqual(unmeasured(null));
      expect(within(90, 2).verdict).toBe("broken");
    });

    it("is kept by lines that were not seen to arrive where everything had been read in time", () => {
      expect(within(3, 2, {}, 60)).toEqual({ verdict: "holds", reasons: [] });
      expect(within(3, 2, {}, 60.1).reasons).toEqual([{ code: "recovery-unmeasured", lines: 2 }]);
      expect(within(90, 2, {}, 60).verdict).toBe("broken");
      expect(within(null, 2, {}, 60).verdict).toBe("holds");
      expect(within(null, 2, {}, 61).reasons).toEqual([{ code: "recovery-unmeasured", lines: 2 }]);
    });

    it("is not broken where not everything may have been observed, and plays no part where none is promised", () => {
      expect(within(90, 0, { doubts: [cutOff] }).verdict).toBe("unknown");
      expect(within(90, 2, { bounds: {} })).toEqual({ verdict: "holds", reasons: [] });
    });
  });

  it("never holds where a recovery point was promised and could not be measured", () => {
    const unmeasured = evidence({ bounds: { rpoSeconds: 1 }, rpo: undefined });
    const reason = { code: "recovery-point-unmeasured" };
    expect(judge(unmeasured)).toEqual({ verdict: "unknown", reasons: [reason] });
    const unclear = { rpoSeconds: null, isUpperBound: false };
    expect(judge({ ...unmeasured, rpo: unclear })).toEqual({ verdict: "unknown", reasons: [reason] });
    expect(judge({ ...unmeasured, counts: { ...clean, merged: 1 } })).toEqual({
      verdict: "broken",
      reasons: [{ code: "damaged", damage: "merged", lines: 1 }, reason],
    });
  });

  it("is unknown when a fault took no effect, or no line was written under it", () => {
    expect(judge(evidence({ faults: [{ ...effective, effective: false }] }))).toEqual({
      verdict: "unknown",
      reasons: [{ code: "fault-ineffective", fault: 0 }],
    });
    const empty = { effective: true, held: { seconds: 1, lines: 0 } };
    expect(judge(evidence({ faults: [effective, empty] }))).toEqual({
      verdict: "unknown",
      reasons: [{ code: "fault-without-lines", fault: 1 }],
    });
    expect(judge(evidence({ faults: [{ ...effective, held: null }] })).verdict).toBe("holds");
  });

  it("is unknown when nothing was written", () => {
    expect(judge(withCounts({ written: 0, delivered: 0 }))).toEqual({
      verdict: "unknown",
      reasons: [{ code: "nothing-written" }],
    });
  });

  it("does not call lost what a doubtful read did not see, but what it saw still breaks", () => {
    const doubtful = { ...withCounts({ lost: 50, delivered: 50 }), doubts: [cutOff] };
    expect(judge(doubtful)).toEqual({ verdict: "unknown", reasons: [cutOff] });
    const reserved = { ...doubtful, doubts: [], reservations: [setAside] };
    const lost = { code: "lost", lines: 50, written: 100, most: 0 };
    expect(judge(reserved)).toEqual({ verdict: "broken", reasons: [lost, setAside] });
    expect(judge(evidence({ reservations: [setAside] }))).toEqual({
      verdict: "unknown",
      reasons: [setAside],
    });
    expect(judge({ ...doubtful, counts: { ...doubtful.counts, corrupted: 1 } }).verdict).toBe("broken");
  });

  it("counts a loss under a fault that took no effect as a loss", () => {
    const lossy = withCounts({ lost: 1, delivered: 99 });
    expect(judge({ ...lossy, faults: [{ ...effective, effective: false }] }).verdict).toBe("broken");
  });

  it("never holds with a doubt, an ineffective fault, a loss beyond bounds or a damaged line", () => {
    const count = fc.integer({ min: 0, max: 3 });
    const fault = fc.record({
      effective: fc.boolean(),
      held: fc.option(fc.record({ seconds: fc.constant(1), lines: count })),
    });
    const anyEvidence = fc.record({
      bounds: fc.constantFrom({ lost: 0 }, { lost: 0, duplicated: 0 }),
      counts: fc.record({
        written: count,
        delivered: count,
        lost: count,
        duplicated: count,
        reordered: count,
        corrupted: count,
        truncated: count,
        merged: count,
        unexpected: count,
        late: count,
      }),
      lostWindowSeconds: fc.constant(0),
      youngestLostSeconds: fc.constant(undefined),
      rpo: fc.constant(undefined),
      faults: fc.array(fault, { maxLength: 3 }),
      doubts: fc.array(fc.constant(cutOff), { maxLength: 1 }),
      reservations: fc.array(fc.constant(setAside), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(anyEvidence, (given) => {
        const { counts, faults, doubts, reservations, bounds } = given;
        const isSpotless =
          counts.written > 0 &&
          counts.lost + counts.corrupted + counts.truncated + counts.merged + counts.unexpected === 0 &&
          (!("duplicated" in bounds) || counts.duplicated === 0) &&
          doubts.length + reservations.length === 0 &&
          faults.every((one) => one.effective && one.held?.lines !== 0);
        const { verdict, reasons } = judge(given);
        expect(verdict === "holds").toBe(isSpotless);
        expect(reasons.length === 0).toBe(isSpotless);
      }),
    );
  });
});

describe("worstOf", () => {
  it("puts broken before unknown before holds, and is unknown for no verdict at all", () => {
    expect(worstOf(["holds", "broken", "unknown"])).toBe("broken");
    expect(worstOf(["holds", "unknown", "holds"])).toBe("unknown");
    expect(worstOf(["holds"])).toBe("holds");
    expect(worstOf([])).toBe("unknown");
  });
});
