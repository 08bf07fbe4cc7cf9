import type { Verdict } from "../plan/verdict.ts";
import { outcomeOf } from "./search.ts";
import type { OutageSweep, SweepStep } from "./sweep-document.ts";

/** The runs of a sweep: those of the search, and those in real time, one of each length. */
type Swept = Pick<OutageSweep, "steps" | "straddle"> & { runs: number };

/**
 * Whether outages of a claimed length lose nothing, by the runs. `broken` needs a run that lost lines in an outage that was at most as long
 * as claimed, by the longest that it can have been. `holds` needs a length all of whose runs held in outages at least as long as claimed,
 * by the shortest that they can have been, and no loss at a shorter length or the same. Nothing is concluded from other lengths.
 *
 * @param claimedSeconds undefined if nothing is claimed
 */
export function outageVerdict(
  claimedSeconds: number | undefined,
  { steps, straddle, runs }: Swept,
): { verdict: Verdict; why: OutageSweep["why"] } {
  const all = [...steps, ...straddle].flatMap(({ nominal, runs }) =>
    runs.map((run) => ({ ...run, nominal })),
  );
  if (all.every(({ outcome }) => outcome === "unknown")) return { verdict: "unknown", why: "not-measured" };
  if (claimedSeconds === undefined) return { verdict: "unknown", why: "no-claim" };
  const lost = all.filter(({ outcome }) => outcome === "lost");
  const wasWithin = (atMostSeconds: number | null | undefined) =>
    typeof atMostSeconds === "number" && atMostSeconds <= claimedSeconds;
  if (lost.some(({ outage }) => wasWithin(outage?.atMostSeconds))) return { verdict: "broken", why: "lost" };
  const held = [
    ...steps.filter((step) => hasHeld(step, runs, claimedSeconds)),
    ...straddle.filter((step) => hasHeld(step, 1, claimedSeconds)),
  ];
  if (held.length === 0) return { verdict: "unknown", why: "between" };
  const shortestLost = Math.min(...lost.map(({ nominal }) => nominal));
  return held.some(({ nominal }) => nominal < shortestLost)
    ? { verdict: "holds", why: "held" }
    : { verdict: "unknown", why: "not-monotonic" };
}

/** Whether all runs of a length held, in outages that were certainly so long. */
function hasHeld(step: SweepStep, runs: number, seconds: number): boolean {
  const outcomes = step.runs.map(({ outcome }) => outcome);
  const held = step.runs.filter(({ outcome }) => outcome === "held");
  return (
    outcomeOf(outcomes, runs) === "held" &&
    held.every(({ outage }) => outage !== null && outage.atLeastSeconds >= seconds)
  );
}
