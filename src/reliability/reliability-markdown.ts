import { describeMachine } from "../report/machine-words.ts";
import { row } from "../report/markdown.ts";
import type { ReliabilityDocument } from "./reliability-document.ts";
import { figureSentences, runRow, runsHead, verdictSentence } from "./reliability-words.ts";

/** A measurement in Markdown: the claim, the verdict, the figures, and every run. */
export function renderReliabilityMarkdown(document: ReliabilityDocument): string {
  const { pipeline, layout, claim, finishedAt, seed, scenarios, verdict, machine, images } = document;
  return `${[
    `# Reliability of ${pipeline} (${layout}): ${verdict}`,
    `${verdictSentence(document)}.`,
    ...(claim === null ? [] : [`Claim: ${claim.text} (${claim.source})`]),
    `Measured until ${finishedAt}, seed ${seed}${machine === null ? "" : `, on ${describeMachine(machine)}: ${images.join(", ")}`}. Drawn from: ${scenarios.join(", ")}.`,
    figureSentences(document)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    [row(runsHead), row(runsHead.map(() => "---")), ...document.runs.map((run) => row(runRow(run)))].join(
      "\n",
    ),
  ].join("\n\n")}\n`;
}
