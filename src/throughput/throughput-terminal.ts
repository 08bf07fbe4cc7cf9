import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import { modelSentences } from "./model-words.ts";
import type { ThroughputDocument, Trial } from "./throughput-document.ts";
import { catchUpSeconds, type ThroughputPlan } from "./throughput-plan.ts";
import {
  lagOf,
  latencyHead,
  latencyRow,
  overloadHead,
  overloadRows,
  trialHead,
  trialRow,
} from "./throughput-rows.ts";
import {
  endSentence,
  goalSentences,
  goalTitle,
  latencySentence,
  measuredName,
  overloadSentences,
  perSecond,
  verdictSentence,
} from "./throughput-words.ts";

const textWidth = 94;

/** A search for the terminal: every trial, what they say about each goal, and the verdict on the claim. */
export function renderThroughput(document: ThroughputDocument): string {
  const { latency } = document;
  const goals = document.goals.flatMap((figures) => [
    goalTitle(figures),
    ...goalSentences(figures).map((sentence) => `  ${sentence}`),
  ]);
  const end = endSentence(document);
  const sentences = [
    ...goals,
    ...modelSentences(document),
    ...(end === "" ? [] : [end]),
    verdictSentence(document),
  ];
  const tables = [tableOf(trialHead, document.trials.map(trialRow))];
  if (latency.length > 0) {
    tables.push(tableOf(latencyHead, latency.map(latencyRow)));
    sentences.push(latencySentence(document));
  }
  if (document.overload) tables.push(tableOf(overloadHead, overloadRows(document.overload)));
  sentences.push(...overloadSentences(document));
  return `${[...tables, ...sentences.map((sentence) => wrap(sentence, textWidth))].join("\n")}\n`;
}

function tableOf(head: string[], rows: string[][]): string {
  return plainTable(rows, { head, colAligns: head.map(() => "right") });
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
    measuredName({ pipeline: pipeline.name, layout: pipeline.layout, part: plan.part }, plan.sources),
    `claim: ${claim === undefined ? "none" : `${claim.text} (${claim.source})`}`,
    `from ${perSecond(minLoad)} to ${perSecond(maxLoad)}, beginning with ${perSecond(startLoad)}; at most ${maxTrials} trials and ${maxSeconds} s`,
    `a line may arrive ${plan.lagBoundSeconds} s after the last write of its trial`,
    ...goals.map((goal) => goalTitle({ goal })),
    ...overloadPlanned(plan),
  ];
  return `${lines.join("\n")}\n`;
}

function overloadPlanned({ overload }: Pick<ThroughputPlan, "overload">): string[] {
  if (overload === undefined) return [];
  const of = overload.highest === undefined ? "the highest rate" : perSecond(overload.highest);
  return [
    `overload: twice ${of} for ${overload.seconds} s, then half of it for ${catchUpSeconds(overload)} s`,
  ];
}
