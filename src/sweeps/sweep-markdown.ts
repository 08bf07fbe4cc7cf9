import { describeMachineInFull } from "../report/machine-words.ts";
import { row } from "../report/markdown.ts";
import { chartFile } from "./sweep-chart.ts";
import type { SweepDocument } from "./sweep-document.ts";
import { sweepTable } from "./sweep-rows.ts";
import { findings, rangeOf, verdictSentence } from "./sweep-words.ts";

/** A sweep in Markdown: what was swept and where, its chart, every run, and what they say. */
export function renderSweepMarkdown(sweep: SweepDocument): string {
  const { scenario, pipeline, layout, command } = sweep;
  const { head, rows } = sweepTable(sweep);
  return `${[
    `# ${scenario} on ${pipeline} (${layout}), ${rangeOf(sweep)}: ${sweep.verdict}`,
    verdictSentence(sweep),
    sweep.claim === null ? "" : `Source of the claim: ${sweep.claim.source}.`,
    findings(sweep)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    `![${rangeOf(sweep)}](${chartFile})`,
    [row(head), row(head.map(() => "---:")), ...rows.map(row)].join("\n"),
    `\`everyline ${command.join(" ")}\``,
    origin(sweep),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function origin({ machine, images, startedAt, finishedAt }: SweepDocument): string {
  const when = `Measured from ${startedAt} until ${finishedAt ?? "it was interrupted"}`;
  if (machine === null) return `${when}.`;
  return `${when} on ${describeMachineInFull(machine)}. ${images.join(", ")}.`;
}
