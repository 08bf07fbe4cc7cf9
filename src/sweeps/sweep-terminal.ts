import { describeDuration } from "../base/duration.ts";
import { countOf, grouped } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { wrap } from "../report/wrap.ts";
import type { SweepDocument } from "./sweep-document.ts";
import type { SweepPlan } from "./sweep-plan.ts";
import { sweepTable } from "./sweep-rows.ts";
import { findings, verdictSentence } from "./sweep-words.ts";

const textWidth = 94;

/** A sweep for the terminal: every run, what they say, and the verdict. */
export function renderSweep(sweep: SweepDocument): string {
  const { head, rows } = sweepTable(sweep);
  const table = plainTable(rows, { head, colAligns: head.map(() => "right") });
  const sentences = [...findings(sweep), verdictSentence(sweep)];
  return `${[table, ...sentences.map((sentence) => wrap(sentence, textWidth))].join("\n")}\n`;
}

/** What a sweep would do. */
export function renderSweepPlan({ scenario, pipeline, swept, runs, budgetSeconds }: SweepPlan): string {
  const { claim } = swept;
  const claimed = claim && `${claim.text} That is ${describeDuration(claim.seconds)} (${claim.source})`;
  return `${[
    `${scenario} on ${pipeline.name} (${pipeline.layout})`,
    `claim: ${claimed ?? "none"}`,
    ...tried(swept),
    `${countOf(runs, "run")} of each, and at most two more if a run is unknown; no run begins that would not end within ${describeDuration(budgetSeconds)}`,
  ].join("\n")}\n`;
}

function tried(swept: SweepPlan["swept"]): string[] {
  if (swept.of === "lines") return [`backlogs of ${swept.sizes.map(grouped).join(", ")} lines`];
  const { shortestSeconds, longestSeconds, width, claimedSeconds } = swept.search;
  const isClaimTried =
    claimedSeconds !== undefined && shortestSeconds < claimedSeconds && claimedSeconds < longestSeconds;
  return [
    `outages of ${describeDuration(shortestSeconds)} and ${describeDuration(longestSeconds)}` +
      `${isClaimTried ? `, then of ${describeDuration(claimedSeconds)} as claimed` : ""}, then between the longest without loss and the shortest with loss until they are ${100 * width} % apart`,
    ...(swept.straddles ? ["then both of these in real time"] : []),
  ];
}
