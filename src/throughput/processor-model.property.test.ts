import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossyTrialOf, trialOf } from "../../test/support/trial.ts";
import { processorModel } from "./processor-model.ts";
import type { Trial } from "./throughput-document.ts";

const claimed = 500_000;
const claim = { linesPerSecond: claimed };
/** The rates of a search that begins with 2,000 lines/s, and those of trials at parts of the highest rate. */
const rates = {
  ofSearch: [2_000, 4_000, 8_000, 16_000, 20_000, 24_000],
  ofParts: [2_400, 7_200, 12_000, 16_800, 2_400, 7_200, 12_000, 16_800, 22_000, 24_000],
};

/** Random numbers of a standard normal distribution, the same for the same seed (mulberry32, and the method of Box and Muller). */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() || 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

/** Trials at some rates of a pipeline that uses so many processors, split over two instances. */
function trialsOf(loads: readonly number[], usedAt: (load: number) => number): Trial[] {
  return loads.map((load) => {
    const used = Math.max(0.001, usedAt(load));
    const { processors } = trialOf({ load });
    return trialOf({
      load,
      processors: { ...processors, instances: { sink: 0.6 * used, shipper: 0.4 * used } },
    });
  });
}

const systems = fc.record({
  fixed: fc.double({ min: 0, max: 0.5, noNaN: true }),
  secondsPerMillion: fc.double({ min: 5, max: 200, noNaN: true }),
});

describe("the model of the processors of a linear pipeline", () => {
  it("finds the fixed part and the cost of a line exactly where nothing scatters", () => {
    fc.assert(
      fc.property(
        systems,
        fc.constantFrom(...Object.values(rates)),
        ({ fixed, secondsPerMillion }, loads) => {
          const { why, line, heldOut } = processorModel(
            trialsOf(loads, (load) => fixed + (secondsPerMillion * load) / 1_000_000),
            claim,
          );
          expect(why).toBe("foretold");
          expect(heldOut!.largestError).toBeLessThan(1e-6);
          expect(line!.fixedProcessors.value).toBeCloseTo(fixed, 6);
          expect(line!.secondsPerMillionLines.value).toBeCloseTo(secondsPerMillion, 6);
          expect(line!.claimed!.processors.value).toBeCloseTo(
            fixed + (secondsPerMillion * claimed) / 1_000_000,
            4,
          );
        },
      ),
    );
  });

  it.each([
    ["ofSearch", "equally", () => 0.03],
    ["ofSearch", "more at higher rates", (used: number) => 0.04 * used],
    ["ofParts", "equally", () => 0.03],
    ["ofParts", "more at higher rates", (used: number) => 0.04 * used],
  ] as const)(
    "has the truth in its interval in 92 to 95 % of trials (%s) that scatter %s",
    (of, _, deviationAt) => {
      const random = normal(20_260_101);
      const truth = (load: number) => 0.2 + (60 * load) / 1_000_000;
      let accepted = 0;
      let within = 0;
      for (let repeat = 0; repeat < 4_000; repeat++) {
        const trials = trialsOf(rates[of], (load) => truth(load) + deviationAt(truth(load)) * random());
        const { line } = processorModel(trials, claim);
        if (line === null) continue;
        accepted++;
        const { least, most } = line.claimed!.processors;
        if (least <= truth(claimed) && truth(claimed) <= most) within++;
      }
      expect(accepted).toBeGreaterThan(3_000);
      expect(within / accepted).toBeGreaterThan(0.91);
    },
  );
});

describe("the model of the processors of a pipeline that is not linear", () => {
  it("is refused", () => {
    const bends = fc.constantFrom<(share: number) => number>(
      (share) => share ** 2,
      (share) => 0.2 + share ** 3,
      (share) => Math.sqrt(share),
      (share) => Math.min(share, 0.35),
      (share) => share + Math.max(0, share - 0.4) * 3,
    );
    fc.assert(
      fc.property(bends, fc.double({ min: 0.5, max: 20, noNaN: true }), (bend, scale) => {
        const highest = Math.max(...rates.ofSearch);
        const trials = trialsOf(rates.ofSearch, (load) => scale * bend(load / highest));
        const { why, heldOut, line } = processorModel(trials, claim);
        expect({ why, line }).toEqual({ why: "not-foretold", line: null });
        expect(heldOut!.largestError).toBeGreaterThan(heldOut!.errorBound);
      }),
    );
  });
});

describe("the model of the processors", () => {
  const used = (load: number) => 0.1 + load / 20_000;
  const taken = trialsOf(rates.ofSearch, used);

  it("does not depend on the order of the trials, or on those that were not taken", () => {
    const model = processorModel(taken, claim);
    fc.assert(
      fc.property(fc.shuffledSubarray(taken, { minLength: taken.length }), (shuffled) => {
        expect(processorModel([lossyTrialOf({ load: 30_000 }), ...shuffled], claim)).toEqual(model);
      }),
    );
    expect(model.trials).toBe(taken.length);
  });

  it("needs six trials that were taken", () => {
    const { why, trials } = processorModel([...taken.slice(1), lossyTrialOf({ load: 30_000 })], claim);
    expect({ why, trials }).toEqual({ why: "too-few-trials", trials: 5 });
    expect(processorModel([], undefined).why).toBe("too-few-trials");
  });

  it("uses the trials of one duration alone: that of most of them, or the longest", () => {
    const shorter = taken.map((trial) => ({ ...trial, durationSeconds: 5 }));
    expect(processorModel([...shorter, ...taken], claim)).toEqual(processorModel(taken, claim));
    const oneLonger = trialOf({ load: 500, durationSeconds: 60 });
    expect(processorModel([oneLonger, ...taken], claim)).toEqual(processorModel(taken, claim));
  });

  it("does not use a trial in which the processors of an instance are not known", () => {
    const [first, ...others] = taken;
    const instances = { sink: first!.processors.instances.sink! };
    const partly = { ...first!, processors: { ...first!.processors, instances } };
    expect(processorModel([partly, ...others], claim)).toMatchObject({ why: "too-few-trials", trials: 5 });
  });

  it("needs rates that are apart, and a cost that is certain", () => {
    const close = trialsOf([100, 101, 102, 103, 104, 105], used);
    expect(processorModel(close, claim).why).toBe("rates-too-close");
    const even = processorModel(
      trialsOf(rates.ofSearch, () => 0.5),
      claim,
    );
    expect(even).toMatchObject({ why: "no-cost", line: null });
  });

  it("tells nothing about a claim where there is none", () => {
    expect(processorModel(taken, undefined).line).toMatchObject({ claimed: null, highestRate: 24_000 });
  });
});
