import { describe, expect, it } from "vitest";
import { lowerMeanBound } from "../base/loss-bounds.ts";
import type { ReliabilityRun } from "./reliability-document.ts";
import { reliabilityFigures, reliabilityVerdict, runsNeeded } from "./reliability-figures.ts";

function runOf(delivered: number, changes: Partial<ReliabilityRun> = {}): ReliabilityRun {
  return {
    ...{ runId: "r", scenario: "sink-crash", seed: "1", fault: "kill sink", at: 0.2, until: 0.4 },
    ...{ verdict: "holds", lines: { written: 1_000, delivered }, isCertain: true },
    ...changes,
  };
}
const runs = (count: number, delivered = 1_000) => Array.from({ length: count }, () => runOf(delivered));
const verdictOn = (all: ReliabilityRun[], claimed?: number) =>
  reliabilityVerdict(reliabilityFigures(all, claimed), claimed);

describe("the figures", () => {
  it("count lines of all runs, and take each run as one observation for the bounds", () => {
    const figures = reliabilityFigures([...runs(19), runOf(500)], 0.999);
    expect(figures).toMatchObject({
      lines: { written: 20_000, delivered: 19_500 },
      runs: { certain: 20, uncertain: 0, withLoss: 1 },
      deliveredOfARun: { seen: 0.975 },
      runsWithoutLoss: { seen: 0.95 },
    });
    // Nineteen of twenty thousand independent lines would give a bound above 97 %.
    expect(figures.deliveredOfARun.low).toBeLessThan(0.85);
    expect(figures.deliveredOfARun.high).toBeGreaterThan(0.999);
  });

  it("let a run without a certain result be the worst for the lower bounds, and the best for the upper ones", () => {
    const uncertain = runOf(1_000, { verdict: "unknown", isCertain: false });
    const figures = reliabilityFigures([...runs(9), uncertain], undefined);
    expect(figures.runs).toEqual({ certain: 9, uncertain: 1, withLoss: 0 });
    expect(figures.lines.written).toBe(9_000);
    expect(figures.deliveredOfARun.low).toBe(lowerMeanBound([...Array(9).fill(1), 0], 0.95));
    expect(figures.deliveredOfARun.high).toBe(1);
    expect(figures.runsWithoutLoss.high).toBe(1);
    expect(figures.needed).toBeNull();
  });

  it("know nothing without a run", () => {
    const figures = reliabilityFigures([], 0.999);
    expect(figures.deliveredOfARun).toEqual({ seen: null, low: 0, high: 1 });
    expect(figures.runsWithoutLoss).toEqual({ seen: null, low: 0, high: 1 });
  });
});

describe("what is needed to support a claim", () => {
  it("is so many runs without loss, and one fewer is too few", () => {
    for (const share of [0.8, 0.9, 0.99]) {
      const needed = runsNeeded(share);
      expect(lowerMeanBound(Array(needed).fill(1), 0.95)).toBeGreaterThanOrEqual(share - 1e-12);
      expect(lowerMeanBound(Array(needed - 1).fill(1), 0.95)).toBeLessThan(share);
    }
    // With half of the error, and with all of it.
    for (const share of [0.999, 0.9999, 0.99999]) {
      expect(runsNeeded(share)).toBeLessThanOrEqual(Math.ceil(Math.log(0.025) / Math.log(share)));
      expect(runsNeeded(share)).toBeGreaterThanOrEqual(Math.ceil(Math.log(0.05) / Math.log(share)));
    }
  });

  it("is the rule of three for independent lines", () => {
    expect(reliabilityFigures([], 0.999).needed!.independentLines).toBe(2_996);
  });
});

describe("the verdict", () => {
  it("is unknown where the claim is between the bounds, however well all runs went", () => {
    expect(verdictOn(runs(20), 0.999)).toEqual({ verdict: "unknown", why: "between-bounds" });
  });

  it("holds only with a lower bound that supports the claim", () => {
    expect(verdictOn(runs(40), 0.9)).toEqual({ verdict: "holds", why: "supported" });
    expect(verdictOn(runs(30), 0.9).verdict).toBe("unknown");
  });

  it("is broken only with an upper bound that refutes it", () => {
    expect(verdictOn([...runs(12), ...runs(8, 700)], 0.999)).toEqual({ verdict: "broken", why: "refuted" });
    expect(verdictOn([...runs(19), ...runs(1, 0)], 0.999).verdict).toBe("unknown");
  });

  it("is unknown without a claim or a run", () => {
    expect(verdictOn(runs(3))).toEqual({ verdict: "unknown", why: "no-claim" });
    expect(verdictOn([], 0.999)).toEqual({ verdict: "unknown", why: "no-run" });
  });
});
