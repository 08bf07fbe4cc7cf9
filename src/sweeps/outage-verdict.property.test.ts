import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outageVerdict } from "./outage-verdict.ts";
import type { SweepStep, SweptRun } from "./sweep-document.ts";

const claimedSeconds = 100;

function runOf(outcome: SweptRun["outcome"], outage: SweptRun["outage"]): SweptRun {
  return {
    ...{ runId: "run", verdict: "unknown", reasons: [], failure: null, outcome },
    ...{ written: 10, lost: outcome === "lost" ? 1 : 0, timeScale: 1, outage, backlog: null },
  };
}

/** A step of one run whose outage lasted between two lengths. */
function step(
  outcome: SweptRun["outcome"],
  nominal: number,
  atLeastSeconds = nominal,
  atMostSeconds: number | null = nominal,
): SweepStep {
  return { nominal, runs: [runOf(outcome, { atLeastSeconds, atMostSeconds })] };
}

const verdictOf = (steps: SweepStep[], straddle: SweepStep[] = [], runs = 1) =>
  outageVerdict(claimedSeconds, { steps, straddle, runs });

describe("the verdict on outages of a claimed length", () => {
  it("is broken if one that was certainly as long or shorter lost lines", () => {
    expect(verdictOf([step("lost", 50), step("held", 200)])).toEqual({ verdict: "broken", why: "lost" });
    expect(verdictOf([step("lost", 100)])).toEqual({ verdict: "broken", why: "lost" });
  });

  it("is unknown if the one that lost lines may have been longer", () => {
    expect(verdictOf([step("lost", 100, 99, 101)])).toEqual({ verdict: "unknown", why: "between" });
    expect(verdictOf([step("lost", 50, 50, null)])).toEqual({ verdict: "unknown", why: "between" });
  });

  it("holds if one that was certainly as long lost nothing", () => {
    expect(verdictOf([step("held", 100, 100, 130), step("lost", 120)])).toEqual({
      verdict: "holds",
      why: "held",
    });
  });

  it("is unknown if the one that lost nothing may have been shorter", () => {
    expect(verdictOf([step("held", 100, 99, 130)])).toEqual({ verdict: "unknown", why: "between" });
  });

  it("concludes nothing from a longer one that held where a shorter one did not", () => {
    expect(verdictOf([step("lost", 110), step("held", 200)])).toEqual({
      verdict: "unknown",
      why: "not-monotonic",
    });
  });

  it("needs as many runs as are wanted, and one of each length in real time", () => {
    expect(verdictOf([step("held", 200)], [], 2)).toEqual({ verdict: "unknown", why: "between" });
    expect(verdictOf([], [step("held", 200)], 2)).toEqual({ verdict: "holds", why: "held" });
  });

  it("says what is missing", () => {
    expect(outageVerdict(undefined, { steps: [step("held", 9)], straddle: [], runs: 1 }).why).toBe(
      "no-claim",
    );
    expect(verdictOf([step("unknown", 9)]).why).toBe("not-measured");
    expect(verdictOf([]).why).toBe("not-measured");
  });

  it("is the one that a slow look at every run gives", () => {
    const outcome = fc.constantFrom<SweptRun["outcome"]>("held", "lost", "unknown");
    const seconds = fc.integer({ min: 90, max: 112 });
    const run = fc.record({ outcome, seconds, more: fc.option(fc.integer({ min: 0, max: 5 })) });
    const steps = fc.uniqueArray(
      fc.record({ nominal: seconds, runs: fc.array(run, { minLength: 1, maxLength: 3 }) }),
      { selector: ({ nominal }) => nominal, maxLength: 6 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 2 }), (drawn, runs) => {
        const steps = drawn.map(({ nominal, runs }) => ({
          nominal,
          runs: runs.map(({ outcome, seconds, more }) =>
            runOf(outcome, { atLeastSeconds: seconds, atMostSeconds: more === null ? null : seconds + more }),
          ),
        }));
        const { verdict } = verdictOf(steps, [], runs);
        const all = steps.flatMap(({ runs, nominal }) => runs.map((run) => ({ ...run, nominal })));
        const breaks = all.some(
          ({ outcome, outage }) =>
            outcome === "lost" && outage!.atMostSeconds !== null && outage!.atMostSeconds <= claimedSeconds,
        );
        if (verdict === "broken") expect(breaks).toBe(true);
        if (breaks) expect(verdict).toBe("broken");
        if (verdict !== "holds") return;
        const shortest = steps.filter(({ runs: some }) => {
          const held = some.filter(({ outcome }) => outcome === "held");
          return (
            some.every(({ outcome }) => outcome !== "lost") &&
            held.length >= runs &&
            held.every(({ outage }) => outage!.atLeastSeconds >= claimedSeconds)
          );
        });
        const first = Math.min(...shortest.map(({ nominal }) => nominal));
        expect(first).toBeLessThan(Number.POSITIVE_INFINITY);
        for (const { outcome, nominal } of all)
          if (outcome === "lost") expect(nominal).toBeGreaterThan(first);
      }),
      { numRuns: 1_000 },
    );
  });
});
