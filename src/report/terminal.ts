import { styleText } from "node:util";
import type { RunDocument } from "../judge/run-document.ts";
import type { Verdict } from "../plan/verdict.ts";
import { describeBounds, describeCounts, describeRecovery, describeSeconds } from "./describe.ts";
import { documentRowsOf } from "./document-rows.ts";
import { factNames, factsOf, textsOf } from "./facts.ts";
import { plainTable } from "./plain-table.ts";
import { recoveryPointsOf } from "./recovery-points.ts";
import { type TerminalOptions, verdictColours } from "./verdict-colours.ts";
import { wrap } from "./wrap.ts";

const limits = { lostRanges: 10, tornLines: 10, alerts: 10 };
const textWidth = 94;

/** One run as a table: what was claimed, what was measured, and why it can be believed. */
export function renderRun(run: RunDocument, options: TerminalOptions): string {
  const facts = factsOf(run, limits);
  const rows = factNames.flatMap((name): [string, string][] => {
    const texts = textsOf(facts, name);
    if (texts.length === 0) return [];
    if (name === "verdict") return [[name, paint(run.verdict, options)]];
    if (name === "fault") return texts.map((text) => [name, text]);
    if (name === "reason") return texts.map((text) => ["", text]);
    return [[name, texts.join("\n")]];
  });
  return `${plainTable(rows.map(([label, text]) => [label, wrap(text, textWidth)]))}\n`;
}

/** Several runs as the guarantees table: one row a run, then one a row of the document, which holds only if all its runs do. */
export function renderGuarantees(runs: RunDocument[], options: TerminalOptions): string {
  const rows = runs.map((run) => [
    run.plan.claim.id,
    describeBounds(run.plan.claim.bounds),
    describeCounts(run),
    describeRecovery(run),
    paint(run.verdict, options),
  ]);
  const documentRows = documentRowsOf(runs).map(({ row, verdict, runs, missing }) => [
    row,
    [describeVerdicts(runs), ...missing.map((scenario) => `${scenario}: not run`)].join("\n"),
    paint(verdict, options),
  ]);
  const points = recoveryPointsOf(runs).map(({ claim, runs, medianSeconds, worstSeconds }) => [
    claim,
    `${runs}`,
    describeSeconds(medianSeconds),
    describeSeconds(worstSeconds),
  ]);
  const tables = [
    plainTable(rows, { head: ["claim", "promised", "measured", "recovery", "verdict"] }),
    ...(documentRows.length < runs.length && documentRows.length > 0
      ? [plainTable(documentRows, { head: ["row of the document", "runs", "verdict"] })]
      : []),
    ...(points.length > 0
      ? [plainTable(points, { head: ["recovery point", "runs", "median", "worst"] })]
      : []),
  ];
  return `${tables.join("\n")}\n`;
}

/** One line a scenario, with how often it came to which verdict where it ran more than once. */
function describeVerdicts(runs: RunDocument[]): string {
  const scenarios = Map.groupBy(runs, ({ plan }) => plan.scenario);
  const lines = [...scenarios].map(([scenario, repeats]) => {
    const verdicts = [...Map.groupBy(repeats, ({ verdict }) => verdict)];
    const counted = verdicts.map(([verdict, { length }]) => `${verdict} ${length} of ${repeats.length}`);
    return `${scenario}: ${repeats.length === 1 ? repeats[0]!.verdict : counted.join(", ")}`;
  });
  return lines.join("\n");
}

function paint(verdict: Verdict, { colour }: TerminalOptions): string {
  return colour ? styleText(["bold", verdictColours[verdict]], verdict, { validateStream: false }) : verdict;
}
