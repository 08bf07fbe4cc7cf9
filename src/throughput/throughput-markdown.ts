import { describeMachineInFull } from "../report/machine-words.ts";
import { row } from "../report/markdown.ts";
import { modelSentences } from "./model-words.ts";
import type { ThroughputDocument } from "./throughput-document.ts";
import {
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
  verdictSentence,
} from "./throughput-words.ts";

/** A search in Markdown: where it was made, every trial, what they say about each goal, and the verdict. */
export function renderThroughputMarkdown(document: ThroughputDocument): string {
  const { part, environment, images, finishedAt, sources, lagBoundSeconds, latency } = document;
  const end = endSentence(document);
  const model = modelSentences(document);
  return `${[
    `# Throughput of ${measuredName(document)}: ${document.verdict}`,
    `${verdictSentence(document)}.`,
    `Measured until ${finishedAt} on ${describeMachineInFull(environment)}, ` +
      `with ${sources} ${part === "gateway" ? "streams" : "files"} at a time; a line may arrive ${lagBoundSeconds} s after the last write of its trial. ${images.join(", ")}.`,
    tableOf(trialHead, document.trials.map(trialRow)),
    ...document.goals.flatMap((figures) => [`## ${goalTitle(figures)}`, listOf(goalSentences(figures))]),
    ...(model.length === 0 ? [] : ["## Processors", listOf(model)]),
    ...(end === "" ? [] : [end]),
    ...(latency.length === 0
      ? []
      : [`## Latency`, tableOf(latencyHead, latency.map(latencyRow)), `${latencySentence(document)}.`]),
    ...(document.overload === undefined
      ? []
      : [
          "## Overload",
          ...(document.overload ? [tableOf(overloadHead, overloadRows(document.overload))] : []),
          overloadSentences(document)
            .map((sentence) => `- ${sentence}`)
            .join("\n"),
        ]),
  ].join("\n\n")}\n`;
}

function tableOf(head: string[], rows: string[][]): string {
  return [row(head), row(head.map(() => "---:")), ...rows.map(row)].join("\n");
}

function listOf(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join("\n");
}
