import { describeDuration } from "../base/duration.ts";
import { grouped } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import type { SoakDocument } from "./soak-document.ts";
import type { SoakPlan } from "./soak-plan.ts";
import { driftHead, driftRow } from "./soak-rows.ts";
import { soakSentence } from "./soak-words.ts";

const textWidth = 94;
const findingWidth = 34;
const secondsPerHour = 3_600;

/** A soak for the terminal: the trend of each quantity, and the verdict. */
export function renderSoak(document: SoakDocument): string {
  const rows = document.drifts.map((drift) => {
    const cells = driftRow(drift);
    return [...cells.slice(0, -1), wrap(cells.at(-1)!, findingWidth)];
  });
  return `${plainTable(rows, { head: driftHead })}\n${wrap(soakSentence(document), textWidth)}\n`;
}

/** What a soak would do. */
export function renderSoakPlan({ pipeline, hours, linesPerSecond, warmUpSeconds, run }: SoakPlan): string {
  return `${[
    `${pipeline.name} (${pipeline.layout})`,
    `claim: ${run.claim.text}`,
    `${grouped(linesPerSecond)} lines/s for ${describeDuration(hours * secondsPerHour)}: ${grouped(run.load.lines)} lines; nothing is broken`,
    `looks for a trend of memory, open descriptors and disk space of each instance, of lag and of latency, after the first ${describeDuration(warmUpSeconds)}`,
  ].join("\n")}\n`;
}
