import { describeDuration } from "../base/duration.ts";
import { grouped } from "../report/describe.ts";
import { describeMachineInFull } from "../report/machine-words.ts";
import { row } from "../report/markdown.ts";
import type { SoakDocument } from "./soak-document.ts";
import { driftHead, driftRow } from "./soak-rows.ts";
import { describeHours, soakSentence } from "./soak-words.ts";

const secondsPerHour = 3_600;

/** A soak in Markdown: the verdict, the trend of each quantity, and where it was made. */
export function renderSoakMarkdown(document: SoakDocument): string {
  const { pipeline, layout, environment, images, finishedAt, hours, linesPerSecond, warmUpSeconds } =
    document;
  const references = [...new Set(images.map(({ reference }) => reference))].join(", ");
  return `${[
    `# Soak of ${pipeline} (${layout}): ${document.verdict}`,
    `${soakSentence(document)}.`,
    `${grouped(linesPerSecond)} lines/s for ${describeDuration(hours * secondsPerHour)}, each of ${document.bytesPerLine.toFixed(0)} B on average. ` +
      `The first ${describeDuration(warmUpSeconds)} are left out as warm-up; the trends are over the ${describeHours(document.measuredHours)} after them, while lines were written.`,
    [row(driftHead), row(driftHead.map(() => "---")), ...document.drifts.map(driftRow).map(row)].join("\n"),
    `All intervals together hold with a confidence of ${100 * document.confidence} %.`,
    `Run ${document.runId}, until ${finishedAt}, on ${describeMachineInFull(environment)}, of which ${(100 * document.machine.busy).toFixed(0)} % were busy. ${references}.`,
  ].join("\n\n")}\n`;
}
