import { boundOfOnesReaches, exactShareBounds, lowerMeanBound, upperMeanBound } from "../base/loss-bounds.ts";
import type { Verdict } from "../plan/verdict.ts";
import type { ReliabilityFigures, ReliabilityRun, ReliabilityWhy } from "./reliability-document.ts";

/** Of each bound. */
export const confidence = 0.95;
/** More runs than this nobody can carry out. */
const mostRuns = 2 ** 40;

/**
 * What runs show together. A run is one observation, because the lines of a run are lost together. A run that is not certain may have
 * delivered no line, for the lower bounds, or all of them, for the upper ones.
 *
 * @param claimed the share of the lines that is claimed; undefined if nothing is
 */
export function reliabilityFigures(
  runs: readonly ReliabilityRun[],
  claimed: number | undefined,
): ReliabilityFigures {
  const certain = runs.filter(({ isCertain }) => isCertain).map(({ lines }) => lines!);
  const sumOf = (what: "written" | "delivered") => certain.reduce((sum, lines) => sum + lines[what], 0);
  const lines = { written: sumOf("written"), delivered: sumOf("delivered") };
  const withLoss = certain.filter(({ written, delivered }) => delivered < written).length;
  const uncertain = runs.length - certain.length;
  const shares = certain.map(({ written, delivered }) => delivered / written);
  const unseen = (share: number) => Array.from({ length: uncertain }, () => share);
  const isEmpty = runs.length === 0;
  const withoutLoss = certain.length - withLoss;
  const meanOf = (sum: number) => (certain.length === 0 ? null : sum / certain.length);
  return {
    lines,
    runs: { certain: certain.length, uncertain, withLoss },
    deliveredOfARun: {
      seen: meanOf(shares.reduce((sum, share) => sum + share, 0)),
      low: isEmpty ? 0 : lowerMeanBound([...shares, ...unseen(0)], confidence),
      high: isEmpty ? 1 : upperMeanBound([...shares, ...unseen(1)], confidence),
    },
    runsWithoutLoss: {
      seen: meanOf(withoutLoss),
      low: isEmpty ? 0 : exactShareBounds(withoutLoss, runs.length, confidence).low,
      high: isEmpty ? 1 : exactShareBounds(withoutLoss + uncertain, runs.length, confidence).high,
    },
    needed:
      claimed === undefined
        ? null
        : {
            runs: runsNeeded(claimed),
            independentLines: Math.ceil(-Math.log(1 - confidence) / (1 - claimed)),
          },
  };
}

/** The fewest runs, none of which loses a line, whose lower bound is at or above a share. */
export function runsNeeded(share: number): number {
  let [tooFew, enough] = [0, 1];
  const suffice = (runs: number) => boundOfOnesReaches(share, runs, confidence);
  while (!suffice(enough) && enough < mostRuns) [tooFew, enough] = [enough, enough * 2];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (suffice(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** The verdict on a claim: it holds only if the lower bound supports it, and is broken only if the upper bound refutes it. */
export function reliabilityVerdict(
  { deliveredOfARun, runs }: ReliabilityFigures,
  claimed: number | undefined,
): { verdict: Verdict; why: ReliabilityWhy } {
  if (runs.certain + runs.uncertain === 0) return { verdict: "unknown", why: "no-run" };
  if (claimed === undefined) return { verdict: "unknown", why: "no-claim" };
  if (deliveredOfARun.low >= claimed) return { verdict: "holds", why: "supported" };
  if (deliveredOfARun.high < claimed) return { verdict: "broken", why: "refuted" };
  return { verdict: "unknown", why: "between-bounds" };
}
