import { heightAt, type Point, straightLine } from "../base/straight-line.ts";
import { type Verdict, worstOf } from "../plan/verdict.ts";
import { outageVerdict } from "./outage-verdict.ts";
import { boundsOf } from "./search.ts";
import type { LinesSweep, OutageSweep, SweepDocument, SweepStep } from "./sweep-document.ts";
import { sizesOf } from "./swept-range.ts";

const thousand = 1_000;
/** A straight line passes any two points. */
const fewestSizes = 3;

/** A sweep with what its runs say: bounds and verdict, or the line that describes its recovery times. */
export function concluded(sweep: SweepDocument): SweepDocument {
  return sweep.of === "outage" ? withBounds(sweep) : withLine(sweep);
}

/** What a search sees of the steps. */
export function triedOf(steps: readonly SweepStep[]) {
  return steps.map(({ nominal, runs }) => ({
    seconds: nominal,
    outcomes: runs.map(({ outcome }) => outcome),
  }));
}

function withBounds(sweep: OutageSweep): OutageSweep {
  const { runs } = sweep.wanted;
  return {
    ...sweep,
    bounds: boundsOf(triedOf(sweep.steps), runs),
    ...outageVerdict(sweep.claim?.seconds, { ...sweep, runs }),
  };
}

function withLine(sweep: LinesSweep): LinesSweep {
  const runs = sweep.steps.flatMap((step) => step.runs);
  const points = runs.flatMap(({ backlog }) =>
    backlog === null || backlog.recoverySeconds === null
      ? []
      : [[backlog.lines, backlog.recoverySeconds] as const],
  );
  return { ...sweep, fit: fitOf(points), ...linesVerdict(sweep) };
}

/** The straight line through the points, and how far the worst of them is from it; null for fewer than three sizes. */
function fitOf(points: readonly Point[]): LinesSweep["fit"] {
  if (new Set(points.map(([lines]) => lines)).size < fewestSizes) return null;
  const line = straightLine(points);
  const distances = points.map(([lines, seconds]) => Math.abs(seconds - heightAt(line, lines)));
  return {
    startSeconds: line.intercept,
    secondsPerThousand: thousand * line.slope,
    worstSeconds: Math.max(...distances),
  };
}

/** Every run is judged by itself. */
function linesVerdict({ claim, steps, wanted }: LinesSweep): Pick<LinesSweep, "verdict" | "why"> {
  if (!steps.some(({ runs }) => runs.some(({ failure }) => failure === null)))
    return { verdict: "unknown", why: "not-measured" };
  if (claim === null) return { verdict: "unknown", why: "no-claim" };
  const verdict = worstOf(steps.map((step) => verdictOfSize(step, wanted.runs)));
  const sizes = sizesOf({ from: wanted.fewestLines, to: wanted.mostLines });
  // Nothing is concluded for a size that was not tried.
  return verdict === "holds" && steps.length < sizes.length
    ? { verdict: "unknown", why: "ended-early" }
    : { verdict, why: "judged" };
}

/** A run that is `unknown` was repeated, so that the others count if they are as many as were wanted. */
function verdictOfSize({ runs }: SweepStep, wanted: number): Verdict {
  const decided = runs.map(({ verdict }) => verdict).filter((verdict) => verdict !== "unknown");
  return decided.length < wanted && !decided.includes("broken") ? "unknown" : worstOf(decided);
}
