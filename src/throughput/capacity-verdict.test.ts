import { describe, expect, it } from "vitest";
import { lossyTrialOf, trialOf } from "../../test/support/trial.ts";
import { capacityVerdict } from "./capacity-verdict.ts";
import { namedGoals, parseGoal } from "./search/search-goal.ts";
import type { Trial } from "./throughput-document.ts";

const linesPerSecond = 50_000;
const claim = { pipeline: "direct", linesPerSecond, text: "It takes 50,000.", source: "a test" };
const busy = { ofMachine: 2, busy: 0.97, diskWait: null, harness: 0.5, instances: {} };
const judged = (trials: Trial[], goal = namedGoals.short!) => capacityVerdict(claim, goal, trials);

describe("the verdict on a claimed rate", () => {
  it("holds if the rate was taken, and lines arrived as fast", () => {
    expect(judged([trialOf({ load: linesPerSecond })])).toEqual({ verdict: "holds", why: "taken" });
    const above = trialOf({ load: 60_000, lagSeconds: 1 });
    expect(judged([above])).toEqual({ verdict: "holds", why: "taken" });
  });

  it("is unknown if lines arrived more slowly than claimed, though in time", () => {
    // In 10 s and a lag of 2 s, a pipeline that takes 41,667 a second has passed on what came at 50,000.
    const slow = trialOf({ load: linesPerSecond, lagSeconds: 2 });
    expect(judged([slow])).toEqual({ verdict: "unknown", why: "undecided" });
  });

  it("is broken if lines were lost or late at the rate, and the machine had processors left", () => {
    const broken = { verdict: "broken", why: "not-taken" };
    expect(judged([lossyTrialOf({ load: linesPerSecond })])).toEqual(broken);
    const late = trialOf({ load: linesPerSecond, forwardedLines: 400_000, late: 100_000, lagSeconds: 9 });
    expect(judged([late, trialOf({ load: 30_000 })])).toEqual(broken);
  });

  it("is unknown if this machine was at its end, or Everyline could not write so fast", () => {
    const unknown = { verdict: "unknown", why: "machine-at-its-end" };
    expect(judged([lossyTrialOf({ load: linesPerSecond, processors: busy })])).toEqual(unknown);
    expect(judged([lossyTrialOf({ load: linesPerSecond, writtenLate: 1 })])).toEqual(unknown);
    const onDisk = { ...busy, busy: 0.2, diskWait: 0.6 };
    expect(judged([lossyTrialOf({ load: linesPerSecond, processors: onDisk })])).toEqual(unknown);
  });

  it("is unknown if an instance used about one processor, as a single thread does that is at its end", () => {
    const judgedWith = (used: number) => {
      const processors = { ...busy, busy: 0.7, instances: { gateway: used, broker: 0.1 } };
      return judged([lossyTrialOf({ load: linesPerSecond, processors })]).verdict;
    };
    expect([0.5, 1.04, 1.4].map(judgedWith)).toEqual(["broken", "unknown", "broken"]);
  });

  it("is unknown if the rate was not tried, whatever other rates show", () => {
    const unknown = { verdict: "unknown", why: "not-tried" };
    expect(judged([])).toEqual(unknown);
    expect(judged([trialOf({ load: 49_999 })])).toEqual(unknown);
    expect(judged([lossyTrialOf({ load: 20_000 }), lossyTrialOf({ load: 51_000 })])).toEqual(unknown);
  });

  it("is unknown if a lower rate was not taken, although this one was", () => {
    const inverted = [lossyTrialOf({ load: 40_000 }), trialOf({ load: linesPerSecond })];
    expect(judged(inverted)).toEqual({ verdict: "unknown", why: "undecided" });
  });

  it("is unknown as long as the trials do not decide", () => {
    const goal = parseGoal("trial=10s,sum=30s,exceed=0.5");
    const unknown = { verdict: "unknown", why: "undecided" };
    expect(judged([trialOf({ load: linesPerSecond })], goal)).toEqual(unknown);
    expect(judged([lossyTrialOf({ load: linesPerSecond })], goal)).toEqual(unknown);
  });

  it("is unknown if nothing is claimed", () => {
    const trials = [trialOf({ load: linesPerSecond })];
    expect(capacityVerdict(undefined, namedGoals.short!, trials)).toEqual({
      verdict: "unknown",
      why: "no-claim",
    });
  });
});
