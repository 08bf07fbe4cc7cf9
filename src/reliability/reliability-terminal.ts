import { describeDuration } from "../base/duration.ts";
import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import type { ReliabilityDocument } from "./reliability-document.ts";
import type { ReliabilityPlan } from "./reliability-plan.ts";
import { figureSentences, runRow, runsHead, sharePercent, verdictSentence } from "./reliability-words.ts";

const textWidth = 94;

/** A measurement for the terminal: every run, what they show together, and the verdict on the claim. */
export function renderReliability(document: ReliabilityDocument): string {
  const sentences = [...figureSentences(document), verdictSentence(document)];
  const [, ...head] = runsHead;
  const rows = document.runs.map((run) => runRow(run).slice(1));
  return `${[plainTable(rows, { head }), ...sentences.map((sentence) => wrap(sentence, textWidth))].join("\n")}\n`;
}

/** What a measurement would do. */
export function renderReliabilityPlan({
  pipeline,
  claim,
  seed,
  scenarios,
  runs,
  budgetSeconds,
}: ReliabilityPlan): string {
  const rows = runs.map(({ scenario }) => {
    const [fault] = scenario.faults;
    const { kind, target, at, until } = fault!;
    return [
      scenario.name,
      `${kind} ${target}`,
      sharePercent(at, 1),
      until === undefined ? "–" : sharePercent(until, 1),
    ];
  });
  const budget = budgetSeconds === null ? "" : `; none begins after ${describeDuration(budgetSeconds)}`;
  return `${[
    `${pipeline.name} (${pipeline.layout}), seed ${seed}`,
    `claim: ${claim === undefined ? "none" : `${claim.text} (${claim.source})`}`,
    `drawn from ${scenarios.length} scenarios that break one thing each: ${runs.length} runs${budget}`,
    plainTable(rows, { head: ["scenario", "fault", "from", "until"] }),
  ].join("\n")}\n`;
}
