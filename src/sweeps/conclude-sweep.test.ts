import { describe, expect, it } from "vitest";
import type { Verdict } from "../plan/verdict.ts";
import { concluded } from "./conclude-sweep.ts";
import type { LinesSweep, SweptRun } from "./sweep-document.ts";

const runOf = (verdict: Verdict): SweptRun => ({
  ...{ runId: "run", verdict, reasons: [], failure: null, outcome: "unknown", written: 10, lost: 0 },
  ...{ timeScale: 1, outage: null, backlog: { lines: 10, waitSeconds: 1, recoverySeconds: 2 } },
});

/** A sweep of 10, 30 and 100 lines whose runs came to these verdicts. */
function sweepOf(sizes: Verdict[][], runs = 1): LinesSweep {
  return {
    ...{ schema: "everyline/sweep@1", sweepId: "sweep", of: "lines", command: [], images: [], machine: null },
    ...{ startedAt: "2026-01-02T03:04:05Z", finishedAt: null, ended: "done", fit: null },
    ...{
      scenario: "recovery",
      pipeline: "direct",
      layout: "single",
      verdict: "unknown",
      why: "not-measured",
    },
    ...{
      claim: { seconds: 60, text: "Soon.", source: "a test" },
      wanted: { fewestLines: 10, mostLines: 100, runs },
    },
    steps: sizes.map((verdicts, index) => ({ nominal: [10, 30, 100][index]!, runs: verdicts.map(runOf) })),
  };
}

const verdictOf = (...args: Parameters<typeof sweepOf>) => {
  const { verdict, why } = concluded(sweepOf(...args));
  return [verdict, why];
};

describe("the verdict on backlogs of several sizes", () => {
  it("is the worst of all sizes", () => {
    expect(verdictOf([["holds"], ["holds"], ["holds"]])).toEqual(["holds", "judged"]);
    expect(verdictOf([["holds"], ["broken"], ["holds"]])).toEqual(["broken", "judged"]);
    expect(verdictOf([["holds"], ["unknown", "unknown", "unknown"], ["holds"]])).toEqual([
      "unknown",
      "judged",
    ]);
  });

  it("does not depend on a run that was repeated", () => {
    expect(verdictOf([["unknown", "holds"], ["holds"], ["holds"]])).toEqual(["holds", "judged"]);
  });

  it("needs as many runs of each size as are wanted", () => {
    expect(verdictOf([["holds", "holds"], ["holds"], ["holds", "holds"]], 2)).toEqual(["unknown", "judged"]);
    expect(verdictOf([["holds", "holds"], ["broken"]], 2)).toEqual(["broken", "judged"]);
  });

  it("says nothing of sizes that were not tried", () => {
    expect(verdictOf([["holds"], ["holds"]])).toEqual(["unknown", "ended-early"]);
    expect(verdictOf([["holds"], ["broken"]])).toEqual(["broken", "judged"]);
    expect(verdictOf([])).toEqual(["unknown", "not-measured"]);
  });
});
