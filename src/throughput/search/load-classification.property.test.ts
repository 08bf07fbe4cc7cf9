import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionalThroughput } from "./conditional-throughput.ts";
import { classOfLoad, type LoadClass } from "./load-classification.ts";
import { relevantBounds } from "./relevant-bounds.ts";
import type { SearchTarget } from "./search-target.ts";
import { type TrialResult, trialLossRatio } from "./trial-result.ts";

const load = 100;
const targets: fc.Arbitrary<SearchTarget> = fc.record({
  trialSeconds: fc.constant(2),
  durationSumSeconds: fc.integer({ min: 2, max: 12 }),
  lossRatio: fc.constantFrom(0, 0.1),
  exceedRatio: fc.constantFrom(0, 0.25, 0.5, 0.75),
  width: fc.constant(0.1),
});

function trialOf(durationSeconds: number, lossPercent: number, ofLoad = load): TrialResult {
  const intendedLines = ofLoad * durationSeconds;
  const forwardedLines = intendedLines - (intendedLines * lossPercent) / 100;
  const seconds = {
    durationSeconds,
    effectiveDurationSeconds: durationSeconds,
    tookSeconds: durationSeconds,
  };
  return { load: ofLoad, ...seconds, intendedLines, forwardedLines };
}

const losses = fc.constantFrom(0, 0, 10, 11, 100);
const fullLength = fc.record({ seconds: fc.integer({ min: 2, max: 4 }), loss: losses });
const trialsOf = (one: fc.Arbitrary<{ seconds: number; loss: number }>) =>
  fc.array(
    one.map(({ seconds, loss }) => trialOf(seconds, loss)),
    { maxLength: 6 },
  );

/** The definition without a formula: whether the high-loss seconds fit, if every missing second is of one kind. */
function slowClass(
  trials: TrialResult[],
  { durationSumSeconds, lossRatio, exceedRatio }: SearchTarget,
): LoadClass {
  const seconds = trials.flatMap((trial) =>
    Array.from({ length: trial.effectiveDurationSeconds }, () => trialLossRatio(trial) > lossRatio),
  );
  const missing = Math.max(0, durationSumSeconds - seconds.length);
  const fits = (missingIsHighLoss: boolean) => {
    const all = [...seconds, ...Array.from({ length: missing }, () => missingIsHighLoss)];
    return all.filter(Boolean).length <= all.length * exceedRatio;
  };
  if (fits(true)) return "lower-bound";
  return fits(false) ? "undecided" : "upper-bound";
}

describe("the class of a load", () => {
  it("of full-length trials is what it is whatever the missing ones would show", () => {
    fc.assert(
      fc.property(trialsOf(fullLength), targets, (trials, target) => {
        expect(classOfLoad(trials, target)).toBe(slowClass(trials, target));
      }),
    );
  });

  it("never changes from one bound to the other by trials that are missing", () => {
    const more = fc.record({ before: trialsOf(fullLength), next: fullLength });
    fc.assert(
      fc.property(more, targets, ({ before, next }, target) => {
        const seconds = before.reduce((sum, trial) => sum + trial.effectiveDurationSeconds, 0);
        fc.pre(seconds + next.seconds <= target.durationSumSeconds);
        const was = classOfLoad(before, target);
        const is = classOfLoad([...before, trialOf(next.seconds, next.loss)], target);
        if (was !== "undecided") expect(is).toBe(was);
      }),
    );
  });

  it("is no lower bound by short trials alone, however many", () => {
    const short = fc.record({ seconds: fc.constant(1), loss: fc.constant(0) });
    fc.assert(
      fc.property(trialsOf(short), targets, (trials, target) => {
        expect(classOfLoad(trials, target)).toBe("undecided");
      }),
    );
  });

  it("is an upper bound after short high-loss trials, if none may lose", () => {
    const target = { trialSeconds: 2, durationSumSeconds: 2, lossRatio: 0, exceedRatio: 0, width: 0.1 };
    expect(classOfLoad([trialOf(1, 100)], target)).toBe("upper-bound");
    expect(classOfLoad([trialOf(1, 100), trialOf(2, 0)], target)).toBe("upper-bound");
  });
});

describe("the conditional throughput", () => {
  it("is the load without the loss of the second that the exceed ratio leaves", () => {
    fc.assert(
      fc.property(trialsOf(fullLength), targets, (trials, target) => {
        fc.pre(classOfLoad(trials, target) === "lower-bound");
        const seconds = trials.flatMap((trial) =>
          Array.from({ length: trial.effectiveDurationSeconds }, () => trialLossRatio(trial)),
        );
        const missing = Math.max(0, target.durationSumSeconds - seconds.length);
        const all = [...seconds, ...Array.from({ length: missing }, () => 1)].sort(
          (one, other) => one - other,
        );
        const last = Math.max(1, Math.ceil(all.length * (1 - target.exceedRatio)));
        expect(conditionalThroughput(trials, target)).toBe(load * (1 - all[last - 1]!));
        expect(all[last - 1]).toBeLessThanOrEqual(target.lossRatio);
      }),
    );
  });
});

describe("the relevant bounds", () => {
  const target = { trialSeconds: 2, durationSumSeconds: 2, lossRatio: 0, exceedRatio: 0, width: 0.1 };

  it("mark loads that are taken above one that is not, and do not count them", () => {
    const trials = [trialOf(2, 0, 100), trialOf(2, 10, 200), trialOf(2, 0, 300), trialOf(2, 10, 400)];
    expect(relevantBounds(trials, target)).toEqual({ lower: 100, upper: 200, inverted: [300] });
  });

  it("are missing where no load is one", () => {
    expect(relevantBounds([], target)).toEqual({ lower: undefined, upper: undefined, inverted: [] });
    expect(relevantBounds([trialOf(2, 10)], target)).toEqual({ lower: undefined, upper: load, inverted: [] });
    expect(relevantBounds([trialOf(2, 0)], target)).toEqual({ lower: load, upper: undefined, inverted: [] });
  });
});
