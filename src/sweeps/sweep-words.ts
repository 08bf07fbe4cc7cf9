import { describeDuration } from "../base/duration.ts";
import { describeSeconds, grouped } from "../report/describe.ts";
import type { LinesSweep, OutageSweep, SweepDocument } from "./sweep-document.ts";

const outageWhys: Record<OutageSweep["why"], string> = {
  held: "an outage at least as long lost nothing, and no shorter one did",
  lost: "an outage that was at most as long lost lines",
  "no-claim": "nothing is claimed of such an outage of this pipeline",
  "not-monotonic": "an outage at least as long lost nothing, but a shorter one did",
  between: "no outage that was at least as long held, and none that was at most as long lost lines",
  "not-measured": "no run decided anything",
};

const linesWhys: Record<LinesSweep["why"], string> = {
  judged: "each size by its own runs",
  "ended-early": "every size that was tried came back in time, and not all were tried",
  "no-claim": "nothing is claimed of the time that this pipeline takes to recover",
  "not-measured": "no run came to an end",
};

const endings: Record<SweepDocument["ended"], string | undefined> = {
  done: undefined,
  time: "The sweep ended early, because the next run would not have fit its budget.",
  runs: "The sweep ended early, because no more runs were allowed.",
  failure: "The sweep ended early, because several runs in a row failed.",
  interrupted: "The sweep was interrupted; what it had measured by then is here.",
};

/** The verdict of a sweep in a sentence. */
export function verdictSentence(sweep: SweepDocument): string {
  const { verdict, claim } = sweep;
  const why = sweep.of === "outage" ? outageWhys[sweep.why] : linesWhys[sweep.why];
  return claim === null
    ? `${verdict}: ${why}.`
    : `${verdict}: ${claim.text} That is ${describeDuration(claim.seconds)}: ${why}.`;
}

/** What the runs of a sweep say, in sentences. */
export function findings(sweep: SweepDocument): string[] {
  const found = sweep.of === "outage" ? boundSentences(sweep) : lineSentences(sweep);
  const end = sweep.finishedAt === null ? "The sweep has not come to an end." : endings[sweep.ended];
  return end === undefined ? found : [...found, end];
}

/** What is swept, in a few words. */
export function rangeOf(sweep: SweepDocument): string {
  if (sweep.of === "lines")
    return `${grouped(sweep.wanted.fewestLines)} to ${grouped(sweep.wanted.mostLines)} lines of backlog`;
  const { shortestSeconds, longestSeconds } = sweep.wanted;
  return `outages of ${describeDuration(shortestSeconds)} to ${describeDuration(longestSeconds)}`;
}

function boundSentences({ bounds, wanted }: OutageSweep): string[] {
  const { heldSeconds: held, lostSeconds: lost, inversions, mixed, undecided } = bounds;
  const list = (lengths: number[]) => lengths.map(describeDuration).join(", ");
  return [
    held === null
      ? "No length lost nothing."
      : `The longest outage without loss was ${describeDuration(held)}.`,
    lost === null
      ? `No outage of up to ${describeDuration(wanted.longestSeconds)} was seen to lose a line.`
      : `The shortest outage with loss was ${describeDuration(lost)}.`,
    ...(held === null || lost === null ? [] : [`That is ${widthOf(held, lost)} longer.`]),
    ...(mixed.length === 0
      ? []
      : [`Some runs lost lines and others did not, which is a race: ${list(mixed)}.`]),
    ...(inversions.length === 0
      ? []
      : [
          `Not monotonic: a shorter outage lost lines, and these did not: ${list(inversions)}. Nothing is concluded from them.`,
        ]),
    ...(undecided.length === 0
      ? []
      : [`No run decided whether lines are lost, so that no bound was moved: ${list(undecided)}.`]),
  ];
}

function widthOf(held: number, lost: number): string {
  return `${(100 * (lost / held - 1)).toFixed(lost / held < 1.01 ? 2 : 1)} %`;
}

function lineSentences({ fit }: LinesSweep): string[] {
  if (fit === null) return [];
  const { startSeconds, secondsPerThousand, worstSeconds } = fit;
  return [
    `A straight line describes these recovery times: ${startSeconds.toFixed(1)} s and ${secondsPerThousand.toFixed(2)} s for every thousand lines; ` +
      `the worst of them is ${describeSeconds(worstSeconds)} from it. It says nothing of other sizes.`,
  ];
}
