import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulated } from "../../../test/support/simulated-system.ts";
import { classOfLoad } from "./load-classification.ts";
import { relevantBounds } from "./relevant-bounds.ts";
import type { SearchGoal } from "./search-goal.ts";
import { finalTarget, targetsOf } from "./search-target.ts";
import { searchThroughput } from "./throughput-search.ts";
import { byLoad } from "./trial-result.ts";

const goals: fc.Arbitrary<SearchGoal> = fc
  .record({
    initialTrialSeconds: fc.integer({ min: 1, max: 10 }),
    longer: fc.nat(20),
    repeats: fc.integer({ min: 1, max: 4 }),
    lossRatio: fc.constantFrom(0, 0, 0.005),
    exceedRatio: fc.constantFrom(0, 0, 0.25, 0.5, 0.9),
    width: fc.constantFrom(0.01, 0.05, 0.2),
  })
  .map(({ initialTrialSeconds, longer, repeats, ...goal }) => {
    const finalTrialSeconds = initialTrialSeconds + longer;
    return {
      ...goal,
      initialTrialSeconds,
      finalTrialSeconds,
      durationSumSeconds: finalTrialSeconds * repeats,
    };
  });
const ranges = fc
  .record({ minLoad: fc.integer({ min: 1, max: 1_000 }), times: fc.integer({ min: 2, max: 1_000 }) })
  .chain(({ minLoad, times }) => {
    const maxLoad = minLoad * times;
    return fc.record({
      minLoad: fc.constant(minLoad),
      maxLoad: fc.constant(maxLoad),
      startLoad: fc.integer({ min: minLoad, max: maxLoad }),
    });
  });
const unbounded = { maxTrials: 5_000, maxSeconds: Number.POSITIVE_INFINITY };

describe("a search on a system without noise", () => {
  it("finds its capacity, to the width of the goal", async () => {
    const systems = fc.record({
      goal: goals,
      range: ranges,
      capacity: fc.integer({ min: 1, max: 1_500_000 }),
    });
    await fc.assert(
      fc.asyncProperty(systems, async ({ goal, range, capacity }) => {
        const exact = { ...goal, lossRatio: 0 };
        const system = { seed: 1, capacity, noise: 0 };
        const found = await searchThroughput([exact], { ...range, ...unbounded }, simulated(system));
        const [result] = found.goals;
        expect(found.ended).toBe("goals-reached");
        expect(found.trials.length).toBeLessThan(500);
        expect(result!.lossInversions).toEqual([]);
        const { relevantLowerBound: lower, relevantUpperBound: upper, irregular } = result!;
        if (lower !== null) expect(lower).toBeLessThanOrEqual(capacity);
        if (upper !== null) expect(upper).toBeGreaterThan(capacity);
        expect(result!.conditionalThroughput).toBe(lower);
        if (capacity < range.minLoad) expect(irregular).toEqual(["no-lower-bound"]);
        else if (capacity >= range.maxLoad) expect(irregular).toEqual(["no-upper-bound"]);
        else {
          expect(irregular).toEqual([]);
          expect(upper! - lower!).toBeLessThanOrEqual(Math.max(1, upper! * goal.width));
        }
      }),
    );
  });

  it("tries no load outside of its range, and no trial of another length than its goal's", async () => {
    const systems = fc.record({ goal: goals, range: ranges, capacity: fc.nat(2_000_000) });
    await fc.assert(
      fc.asyncProperty(systems, async ({ goal, range, capacity }) => {
        const system = { seed: 1, capacity, noise: 0.3 };
        const { trials } = await searchThroughput([goal], { ...range, ...unbounded }, simulated(system));
        const lengths = targetsOf(goal).map(({ trialSeconds }) => trialSeconds);
        for (const { load, durationSeconds } of trials) {
          expect(load).toBeGreaterThanOrEqual(range.minLoad);
          expect(load).toBeLessThanOrEqual(range.maxLoad);
          expect(Number.isInteger(load)).toBe(true);
          expect(lengths).toContain(durationSeconds);
        }
      }),
    );
  });
});

describe("a search on a noisy system", () => {
  const noisy = fc.record({
    goals: fc.array(goals, { minLength: 1, maxLength: 3 }),
    range: ranges,
    capacity: fc.integer({ min: 1, max: 1_000_000 }),
    noise: fc.constantFrom(0.01, 0.1, 0.5),
    seed: fc.nat(),
  });

  it("reaches every goal, and says of each what its trials say", async () => {
    await fc.assert(
      fc.asyncProperty(noisy, async ({ range, ...of }) => {
        const found = await searchThroughput(of.goals, { ...range, ...unbounded }, simulated(of));
        expect(found.ended).toBe("goals-reached");
        for (const result of found.goals) {
          const { relevantLowerBound: lower, relevantUpperBound: upper, goal, irregular } = result;
          const classes = new Map(
            byLoad(found.trials).map(([load, trials]) => [load, classOfLoad(trials, finalTarget(goal))]),
          );
          if (lower !== null) expect(classes.get(lower)).toBe("lower-bound");
          if (upper !== null) expect(classes.get(upper)).toBe("upper-bound");
          if (lower !== null && upper !== null) {
            expect(lower).toBeLessThan(upper);
            expect(upper - lower).toBeLessThanOrEqual(Math.max(1, upper * goal.width));
          }
          expect(irregular.includes("no-upper-bound")).toBe(upper === null);
          expect(irregular.includes("no-lower-bound")).toBe(lower === null);
          expect(result.conditionalThroughput ?? 0).toBeLessThanOrEqual(lower ?? 0);
          for (const load of result.lossInversions) expect(load).toBeGreaterThan(upper!);
        }
      }),
    );
  });

  it("has the same bounds whatever the order of the trials", async () => {
    await fc.assert(
      fc.asyncProperty(noisy, async ({ range, ...of }) => {
        const { trials, goals: results } = await searchThroughput(
          of.goals,
          { ...range, ...unbounded },
          simulated(of),
        );
        for (const { goal, relevantLowerBound, relevantUpperBound } of results)
          expect(relevantBounds(trials.toReversed(), finalTarget(goal))).toMatchObject({
            lower: relevantLowerBound ?? undefined,
            upper: relevantUpperBound ?? undefined,
          });
      }),
    );
  });

  it("ends when its trials or its time are used up, and says that the width was not reached", async () => {
    const limits = fc.record({
      maxTrials: fc.integer({ min: 1, max: 5 }),
      maxSeconds: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(noisy, limits, async ({ range, ...of }, { maxTrials, maxSeconds }) => {
        const found = await searchThroughput(of.goals, { ...range, maxTrials, maxSeconds }, simulated(of));
        expect(found.trials.length).toBeLessThanOrEqual(maxTrials);
        const seconds = found.trials.slice(0, -1).reduce((sum, trial) => sum + trial.tookSeconds, 0);
        expect(seconds).toBeLessThan(maxSeconds);
        if (found.ended === "trials") expect(found.trials.length).toBe(maxTrials);
        if (found.ended === "goals-reached")
          for (const { irregular } of found.goals) expect(irregular).not.toContain("width-not-reached");
      }),
    );
  });
});
