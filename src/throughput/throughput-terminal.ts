import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import type { LatencyTrial, ThroughputDocument, Trial } from "./throughput-document.ts";
import type { ThroughputPlan } from "./throughput-plan.ts";
import {
  endSentence,
  goalSentences,
  latencySentence,
  perSecond,
  verdictSentence,
} from "./throughput-words.ts";

const textWidth = 94;

/** A search for the terminal: every trial, what they say about each goal, and the verdict on the claim. */
export function renderThroughput(document: ThroughputDocument): string {
  const table = plainTable(document.trials.map(rowOf), {
    head: ["trial", "lines/s", "s", "lost", "late", "lag", "duplicated", "refused", "busy"],
    colAligns: Array.from({ length: 9 }, () => "right"),
  });
  const goals = document.goals.flatMap((figures) => {
    const { finalTrialSeconds, durationSumSeconds, lossRatio, exceedRatio, width } = figures.goal;
    const goal = `goal: trials of ${finalTrialSeconds} s, ${durationSumSeconds} s in all, loss ratio ${lossRatio}, exceed ratio ${exceedRatio}, width ${width}`;
    return [goal, ...goalSentences(figures).map((sentence) => `  ${sentence}`)];
  });
  const end = endSentence(document);
  const latency = document.latency.length === 0 ? [] : [latencySentence(document)];
  const sentences = [...goals, ...(end === "" ? [] : [end]), verdictSentence(document), ...latency];
  const tables = document.latency.length === 0 ? [table] : [table, latencyTable(document.latency)];
  return `${[...tables, ...sentences.map((sentence) => wrap(sentence, textWidth))].join("\n")}\n`;
}

/** What a search has found of latency. */
function latencyTable(trials: LatencyTrial[]): string {
  const rows = trials.map(({ share, load, writtenLate, unseen, atMost, atLeast }) => [
    `${100 * share} %`,
    load,
    ...(["p50", "p99", "p999", "max"] as const).map((of) =>
      atMost === null ? "-" : `${atLeast![of]} to ${atMost[of]}`,
    ),
    unseen,
    writtenLate,
  ]);
  return plainTable(rows, {
    head: ["of the highest", "lines/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "not seen", "written late"],
    colAligns: Array.from({ length: 8 }, () => "right"),
  });
}

/** One trial for the progress of a search. */
export function trialLine(trial: Trial): string {
  const { number, load, durationSeconds, lost, late } = trial;
  const came = lost + late === 0 ? `all readable after ${lagOf(trial)}` : `${lost} lost, ${late} late`;
  return `trial ${number}: ${perSecond(load)} for ${durationSeconds} s: ${came}`;
}

/** What a search would do. */
export function renderThroughputPlan({ pipeline, claim, goals, limits, ...plan }: ThroughputPlan): string {
  const { minLoad, maxLoad, startLoad, maxTrials, maxSeconds } = limits;
  const lines = [
    `${pipeline.name} (${pipeline.layout}), ${plan.sources} files at a time`,
    `claim: ${claim === undefined ? "none" : `${claim.text} (${claim.source})`}`,
    `from ${perSecond(minLoad)} to ${perSecond(maxLoad)}, beginning with ${perSecond(startLoad)}; at most ${maxTrials} trials and ${maxSeconds} s`,
    `a line may arrive ${plan.lagBoundSeconds} s after the last write of its trial`,
    ...goals.map((goal) => `goal: ${JSON.stringify(goal)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function rowOf(trial: Trial): (string | number)[] {
  const { number, load, durationSeconds, lost, late, duplicated, refused, processors } = trial;
  const refusals = Object.values(refused).reduce((sum, lines) => sum + lines, 0);
  return [
    ...[number, load, durationSeconds, lost, late, lagOf(trial), duplicated, refusals],
    `${(100 * processors.busy).toFixed(0)} %`,
  ];
}

function lagOf({ lagSeconds }: Trial): string {
  return lagSeconds === null ? "-" : `${lagSeconds.toFixed(1)} s`;
}
