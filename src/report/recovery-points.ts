import { median } from "../base/median.ts";
import type { RunDocument } from "../judge/run-document.ts";

/** The recovery points that the runs of a claim measured. */
export interface RecoveryPoints {
  /** The claim's id. */
  claim: string;
  /** How many runs measured one. */
  runs: number;
  medianSeconds: number;
  worstSeconds: number;
}

/** What runs in which a site was lost came to, claim by claim; of an even number of runs the worse of the two in the middle. */
export function recoveryPointsOf(runs: RunDocument[]): RecoveryPoints[] {
  const claims = Map.groupBy(runs, ({ plan }) => plan.claim.id);
  return [...claims].flatMap(([claim, runs]) => {
    const points = runs.flatMap(({ sites }) => sites?.rpoSeconds ?? []);
    if (points.length === 0) return [];
    const medianSeconds = median(points)!;
    return [{ claim, runs: points.length, medianSeconds, worstSeconds: Math.max(...points) }];
  });
}
