import { goalResult } from "./search/goal-result.ts";
import type { TrialInput } from "./search/trial-result.ts";
import type { Trial } from "./throughput-document.ts";
import type { ThroughputPlan } from "./throughput-plan.ts";

/** The shares of the highest rate at which trials are made for the model of the processors. */
const shares = [0.1, 0.3, 0.5, 0.7];
/** So many trials at each share make the model's six trials together with one of the search, and show how much they scatter. */
const rounds = 2;

/** Makes short trials at parts of the highest rate that the first goal has found; none if no rate was taken. They count as any other trial. */
export async function addModelTrials(
  { goals: [goal] }: Pick<ThroughputPlan, "goals">,
  measure: (trial: TrialInput) => Promise<Trial>,
  trials: readonly Trial[],
): Promise<void> {
  const highest = goal && goalResult(goal, trials).relevantLowerBound;
  if (!goal || !highest) return;
  for (let round = 0; round < rounds; round++)
    for (const share of shares)
      await measure({
        load: Math.max(1, Math.round(share * highest)),
        durationSeconds: goal.finalTrialSeconds,
      });
}
