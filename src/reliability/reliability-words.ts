import { grouped } from "../report/describe.ts";
import type { ReliabilityDocument, ReliabilityRun } from "./reliability-document.ts";

export const runsHead = ["run", "scenario", "fault", "from", "until", "written", "delivered", "verdict"];

/** One run as the cells of a row. */
export function runRow({
  runId,
  scenario,
  fault,
  at,
  until,
  lines,
  verdict,
  isCertain,
}: ReliabilityRun): string[] {
  return [
    runId,
    scenario,
    fault,
    sharePercent(at, 1),
    until === null ? "–" : sharePercent(until, 1),
    lines === null ? "–" : grouped(lines.written),
    lines === null ? "–" : grouped(lines.delivered),
    `${verdict}${isCertain ? "" : " (uncertain)"}`,
  ];
}

/** What the runs show, one sentence each. */
export function figureSentences(document: ReliabilityDocument): string[] {
  const { figures, confidence, claim } = document;
  const { lines, runs, deliveredOfARun, runsWithoutLoss, needed } = figures;
  const sure = `${sharePercent(confidence, 0)} confidence each`;
  const uncertain =
    runs.uncertain === 0
      ? ""
      : ` ${runs.uncertain} more came to no certain result; each counts as a run without any line for the lower bounds, and as one with every line for the upper ones.`;
  return [
    `${grouped(lines.delivered)} of ${grouped(lines.written)} lines were delivered in ${runs.certain} runs, of which ${runs.withLoss} lost any.${uncertain}`,
    `A run delivers ${seen(deliveredOfARun)} of its lines on average: ${boundWords(deliveredOfARun)} (${sure}, over runs).`,
    `${seen(runsWithoutLoss)} of the runs lost no line: the share is ${boundWords(runsWithoutLoss)}.`,
    ...(needed === null || claim === null
      ? []
      : [
          `To support ${sharePercent(claim.share, 3)}, ${grouped(needed.runs)} runs without any loss are needed. If lines were lost independently of each other, which they are not, ${grouped(needed.independentLines)} lines without any loss would do.`,
        ]),
  ];
}

/** The verdict and why it is that. */
export function verdictSentence({ verdict, why, claim, figures, runs }: ReliabilityDocument): string {
  const { low, high } = figures.deliveredOfARun;
  const claimed = claim === null ? "" : sharePercent(claim.share, 3);
  switch (why) {
    case "supported":
      return `${verdict}: the lower bound, ${floorPercent(low)}, is not below the claimed ${claimed}`;
    case "refuted":
      return `${verdict}: the upper bound, ${ceilingPercent(high)}, is below the claimed ${claimed}`;
    case "between-bounds":
      return `${verdict}: ${runs.length} runs cannot show whether ${claimed} of the lines are delivered, which is between ${floorPercent(low)} and ${ceilingPercent(high)}`;
    case "no-claim":
      return `${verdict}: nothing is claimed of the reliability of this pipeline`;
    case "no-run":
      return `${verdict}: no run was carried out`;
  }
}

/** Between which bounds a share is. */
export function boundWords({ low, high }: { low: number; high: number }): string {
  return `at least ${floorPercent(low)} and at most ${ceilingPercent(high)}`;
}

/** A share as a percentage with as many decimal places, without zeros at the end. */
export function sharePercent(share: number, decimals: number): string {
  return `${Number((share * 100).toFixed(decimals))} %`;
}

function seen({ seen }: { seen: number | null }): string {
  return seen === null ? "–" : floorPercent(seen);
}

// A share below 1 is never printed as 100 %, and a bound is rounded to the side on which it stays true.
function floorPercent(share: number): string {
  return `${Math.floor(share * 1e5) / 1e3} %`;
}

function ceilingPercent(share: number): string {
  return `${Math.ceil(share * 1e5) / 1e3} %`;
}
