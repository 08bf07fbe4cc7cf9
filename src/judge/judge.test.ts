import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { worstOf } from "../plan/verdict.ts";
import type { Counts } from "./counts.ts";
import { type Evidence, type FaultEvidence, judge } from "./judge.ts";

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
const effective: FaultEvidence = {
  kind: "kill",
  target: "sink",
  effective: true,
  evidence: "exit code 137",
  linesMeanwhile: 9,
};

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    bounds: { lost: 0 },
    counts: clean,
    lostWindowSeconds: 0,
    youngestLostSeconds: undefined,
    rpo: undefined,
    faults: [effective],
    doubts: [],
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
      reasons: ["1 of 100 lines were lost; none may be."],
    });
    const few = { ...withCounts({ lost: 3, delivered: 97 }), bounds: { lost: 3 } };
    expect(judge(few).verdict).toBe("holds");
    expect(judge({ ...few, bounds: { lost: 2 } }).reasons).toEqual([
      "3 of 100 lines were lost; at most 2 may be.",
    ]);
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
      reasons: ["1 surplus copies came back; none may."],
    });
    const several = { ...withCounts({ duplicated: 3 }), bounds: { duplicated: 3 } };
    expect(judge(several).verdict).toBe("holds");
    expect(judge({ ...several, bounds: { duplicated: 2 } }).reasons).toEqual([
      "3 surplus copies came back; at most 2 may.",
    ]);
  });

  it("allows loss within less than the promised window, and no longer", () => {
    const lossy = { ...withCounts({ lost: 20, delivered: 80 }), bounds: { lostWindowSeconds: 10 } };
    expect(judge({ ...lossy, lostWindowSeconds: 9.9 }).verdict).toBe("holds");
    expect(judge({ ...lossy, lostWindowSeconds: 10 })).toEqual({
      verdict: "broken",
      reasons: ["Lines written over 10.0 s were lost; only a window below 10 s may be."],
    });
    expect(judge({ ...lossy, lostWindowSeconds: 10, doubts: ["cut off"] }).verdict).toBe("unknown");
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
      reasons: [
        "A line that was 6 d 23 h old when the outage ended was lost; only older ones than 7 d may be.",
      ],
    });
    expect(judge({ ...lossy, youngestLostSeconds: -5 }).verdict).toBe("broken");
    expect(judge({ ...lossy, youngestLostSeconds: 1, doubts: ["cut off"] }).verdict).toBe("unknown");
    expect(judge(evidence({ bounds: { lostOlderThanSeconds: 604_800 } })).verdict).toBe("holds");
  });

  it("never holds where lines were lost and it cannot be told when", () => {
    const lossy = { ...withCounts({ lost: 1, delivered: 99 }), lostWindowSeconds: Number.NaN };
    expect(judge({ ...lossy, bounds: { lostWindowSeconds: 10 } }).verdict).toBe("broken");
    const olderThan = { ...lossy, bounds: { lostOlderThanSeconds: 10 } };
    expect(judge({ ...olderThan, youngestLostSeconds: Number.NaN }).verdict).toBe("broken");
  });

  it("allows a recovery point below the promised one, and no longer", () => {
    const lossOfSite = evidence({ bounds: { rpoSeconds: 1 } });
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0, isUpperBound: false } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0.999, isUpperBound: false } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 1, isUpperBound: false } })).toEqual({
      verdict: "broken",
      reasons: [
        "Acknowledged lines written over 1.00 s were missing in the second site; only a window below 1 s may be.",
      ],
    });
    expect(
      judge({ ...lossOfSite, rpo: { rpoSeconds: 5, isUpperBound: false }, doubts: ["cut off"] }).verdict,
    ).toBe("unknown");
    expect(judge(evidence({ rpo: { rpoSeconds: 5, isUpperBound: false } })).verdict).toBe("holds");
  });

  it("does not know of a recovery point that may be shorter than it could tell", () => {
    const lossOfSite = evidence({ bounds: { rpoSeconds: 1 } });
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 0.9, isUpperBound: true } }).verdict).toBe("holds");
    expect(judge({ ...lossOfSite, rpo: { rpoSeconds: 1.1, isUpperBound: true } })).toEqual({
      verdict: "unknown",
      reasons: [
        "The recovery point is known to be at most 1.10 s only: which lines were acknowledged cannot be told.",
      ],
    });
  });

  it("never holds where a recovery point was promised and could not be measured", () => {
    const unmeasured = evidence({ bounds: { rpoSeconds: 1 }, rpo: undefined });
    const reason = "The recovery point could not be measured.";
    expect(judge(unmeasured)).toEqual({ verdict: "unknown", reasons: [reason] });
    const unclear = { rpoSeconds: Number.NaN, isUpperBound: false };
    expect(judge({ ...unmeasured, rpo: unclear })).toEqual({ verdict: "unknown", reasons: [reason] });
    expect(judge({ ...unmeasured, counts: { ...clean, merged: 1 } })).toEqual({
      verdict: "broken",
      reasons: ["1 lines came back merged; none may.", reason],
    });
  });

  it("is unknown when a fault took no effect, or no line was written under it", () => {
    expect(judge(evidence({ faults: [{ ...effective, effective: false }] }))).toEqual({
      verdict: "unknown",
      reasons: ["The fault kill sink did not take effect: exit code 137."],
    });
    expect(judge(evidence({ faults: [{ ...effective, linesMeanwhile: 0 }] }))).toEqual({
      verdict: "unknown",
      reasons: ["No line was written while kill sink held."],
    });
    expect(judge(evidence({ faults: [{ ...effective, linesMeanwhile: undefined }] })).verdict).toBe("holds");
  });

  it("is unknown when nothing was written", () => {
    expect(judge(withCounts({ written: 0, delivered: 0 }))).toEqual({
      verdict: "unknown",
      reasons: ["No line was written."],
    });
  });

  it("does not call lost what a doubtful read did not see, but what it saw still breaks", () => {
    const doubtful = { ...withCounts({ lost: 50, delivered: 50 }), doubts: ["cut off"] };
    expect(judge(doubtful)).toEqual({ verdict: "unknown", reasons: ["cut off"] });
    expect(judge({ ...doubtful, counts: { ...doubtful.counts, corrupted: 1 } }).verdict).toBe("broken");
  });

  it("counts a loss under a fault that took no effect: it is a loss all the same", () => {
    const lossy = withCounts({ lost: 1, delivered: 99 });
    expect(judge({ ...lossy, faults: [{ ...effective, effective: false }] }).verdict).toBe("broken");
  });

  it("never holds with a doubt, an ineffective fault, a loss beyond bounds or a damaged line", () => {
    const count = fc.integer({ min: 0, max: 3 });
    const fault = fc.record({
      kind: fc.constant("kill"),
      target: fc.constant("sink"),
      effective: fc.boolean(),
      evidence: fc.constant("e"),
      linesMeanwhile: fc.option(count, { nil: undefined }),
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
      doubts: fc.array(fc.constant("doubt"), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(anyEvidence, (given) => {
        const { counts, faults, doubts, bounds } = given;
        const isSpotless =
          counts.written > 0 &&
          counts.lost + counts.corrupted + counts.truncated + counts.merged + counts.unexpected === 0 &&
          (!("duplicated" in bounds) || counts.duplicated === 0) &&
          doubts.length === 0 &&
          faults.every((one) => one.effective && one.linesMeanwhile !== 0);
        const { verdict, reasons } = judge(given);
        expect(verdict === "holds").toBe(isSpotless);
        expect(reasons.length === 0).toBe(isSpotless);
      }),
    );
  });
});

describe("worstOf", () => {
  it("takes broken before unknown before holds, and knows nothing of nothing", () => {
    expect(worstOf(["holds", "broken", "unknown"])).toBe("broken");
    expect(worstOf(["holds", "unknown", "holds"])).toBe("unknown");
    expect(worstOf(["holds"])).toBe("holds");
    expect(worstOf([])).toBe("unknown");
  });
});
