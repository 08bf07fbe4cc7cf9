import { expect, it } from "vitest";
import { lossyTrialOf, trialOf } from "../../test/support/trial.ts";
import { addModelTrials } from "./model-trials.ts";
import { namedGoals } from "./search/search-goal.ts";
import type { TrialInput } from "./search/trial-result.ts";
import type { Trial } from "./throughput-document.ts";

const goals = [namedGoals.short!];

async function loadsAfter(trials: Trial[]): Promise<number[]> {
  const inputs: TrialInput[] = [];
  const measure = async (trial: TrialInput) => {
    inputs.push(trial);
    return trialOf(trial);
  };
  await addModelTrials({ goals }, measure, trials);
  return inputs.map(({ load }) => load);
}

it("makes two trials each at parts of the highest rate that was taken", async () => {
  const trials = [trialOf({ load: 1_000 }), lossyTrialOf({ load: 1_100 })];
  expect(await loadsAfter(trials)).toEqual([100, 300, 500, 700, 100, 300, 500, 700]);
});

it("makes none if no rate was taken", async () => {
  expect(await loadsAfter([lossyTrialOf({ load: 1_000 })])).toEqual([]);
});
