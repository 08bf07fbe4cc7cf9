import { styleText } from "node:util";
import type { RunDocument } from "../judge/run-document.ts";
import type { Verdict } from "../plan/verdict.ts";
import {
  describeBounds,
  describeCounts,
  describeDiscarded,
  describeKafka,
  describeLost,
  describeSeconds,
  describeSites,
  describeTimeLapse,
  describeTorn,
} from "./describe.ts";
import { documentRowsOf } from "./document-rows.ts";
import { plainTable } from "./plain-table.ts";
import { recoveryPointsOf } from "./recovery-points.ts";
import { wrap } from "./wrap.ts";

const maxLostRanges = 10;
const maxTornLines = 10;
const textWidth = 94;
/** How a verdict is painted. */
export const verdictColours: Record<Verdict, "green" | "red" | "yellow"> = {
  holds: "green",
  broken: "red",
  unknown: "yellow",
};

/** Whether `stdout` wants colour; asked by the caller, as a report itself knows no terminal. */
export interface TerminalOptions {
  colour: boolean;
}

/** One run as a table: what was claimed, what was measured, and why it can be believed. */
export function renderRun(run: RunDocument, options: TerminalOptions): string {
  const { timings, latencyMs } = run;
  const lost = describeLost(run, maxLostRanges);
  const kafka = describeKafka(run);
  const lapse = describeTimeLapse(run);
  const discarded = describeDiscarded(run);
  const sites = describeSites(run);
  const torn = describeTorn(run.torn, maxTornLines);
  const rows: [string, string][] = [
    ["claim", `${run.claim.id}: ${run.claim.text}`],
    ["pipeline", `${run.pipeline}, layout ${run.layout}`],
    ["promised", describeBounds(run.claim.bounds)],
    ...(run.notes === undefined ? [] : [["started with", run.notes.join("\n")] as [string, string]]),
    ["measured", describeCounts(run)],
    ...run.faults.map(({ kind, target, effective, evidence }): [string, string] => [
      "fault",
      `${kind} ${target}${effective ? "" : " (NOT EFFECTIVE)"}: ${evidence}`,
    ]),
    ...(lapse === undefined ? [] : [["time", lapse] as [string, string]]),
    ...(sites === undefined ? [] : [["sites", sites] as [string, string]]),
    ...(kafka === undefined ? [] : [["kafka", kafka] as [string, string]]),
    ...(discarded === undefined ? [] : [["refused", `by Loki: ${discarded}`] as [string, string]]),
    ...(torn.length > 0 ? [["torn at the source", torn.join("\n")] as [string, string]] : []),
    ...(lost.length > 0 ? [["lost", lost.join("\n")] as [string, string]] : []),
    ["recovery", describeSeconds(timings.recoverySeconds)],
    [
      "latency",
      latencyMs
        ? `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`
        : "nothing arrived",
    ],
    ["took", describeTimings(run)],
    ["images", describeImages(run)],
    ["verdict", paint(run.verdict, options)],
    ...run.reasons.map((reason): [string, string] => ["", reason]),
  ];
  return `${plainTable(rows.map(([label, text]) => [label, wrap(text, textWidth)]))}\n`;
}

function describeImages({ images }: RunDocument): string {
  return [...new Set(images.map(({ reference, origin }) => `${reference} (${origin})`))].join(", ");
}

/** Several runs as the guarantees table: one row a run, then one a row of the document, which holds only if all its runs do. */
export function renderGuarantees(runs: RunDocument[], options: TerminalOptions): string {
  const rows = runs.map((run) => [
    run.claim.id,
    describeBounds(run.claim.bounds),
    describeCounts(run),
    describeSeconds(run.timings.recoverySeconds),
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
  const scenarios = Map.groupBy(runs, ({ scenario }) => scenario);
  const lines = [...scenarios].map(([scenario, repeats]) => {
    const verdicts = [...Map.groupBy(repeats, ({ verdict }) => verdict)];
    const counted = verdicts.map(([verdict, { length }]) => `${verdict} ${length} of ${repeats.length}`);
    return `${scenario}: ${repeats.length === 1 ? repeats[0]!.verdict : counted.join(", ")}`;
  });
  return lines.join("\n");
}

function describeTimings({ timings }: RunDocument): string {
  const { upSeconds, loadSeconds, outageSeconds, readSeconds, totalSeconds } = timings;
  const total = describeSeconds(totalSeconds);
  const parts = { up: upSeconds, load: loadSeconds, "of which outage": outageSeconds, read: readSeconds };
  return `${total} (${Object.entries(parts)
    .map(([name, seconds]) => `${name} ${describeSeconds(seconds)}`)
    .join(", ")})`;
}

function paint(verdict: Verdict, { colour }: TerminalOptions): string {
  return colour ? styleText(["bold", verdictColours[verdict]], verdict, { validateStream: false }) : verdict;
}
