import { describeDuration } from "../base/duration.ts";
import { describeSeconds, grouped } from "../report/describe.ts";
import type { SweepDocument, SweepStep, SweptRun } from "./sweep-document.ts";

const outageHead = ["outage", "time scale", "lasted at least", "at most", "lost", "of", "result", "run"];
const linesHead = [
  ...[
    "lines wanted",
    "backlog",
    "outage",
    "until the first",
    "recovery",
    "lines/s",
    "lost",
    "verdict",
    "run",
  ],
];

const outcomeWords: Record<SweptRun["outcome"], string> = {
  held: "no loss",
  lost: "loss",
  unknown: "unknown",
};

/** Every run of a sweep as a table: by length or size, and then as they were made. */
export function sweepTable(sweep: SweepDocument): { head: string[]; rows: string[][] } {
  const rowsOf = (steps: readonly SweepStep[], row: (nominal: number, run: SweptRun) => string[]) =>
    steps
      .toSorted((one, other) => one.nominal - other.nominal)
      .flatMap(({ nominal, runs }) => runs.map((run) => row(nominal, run)));
  if (sweep.of === "lines") return { head: linesHead, rows: rowsOf(sweep.steps, linesRow) };
  return { head: outageHead, rows: rowsOf([...sweep.steps, ...sweep.straddle], outageRow) };
}

/** One run for the progress of a sweep. */
export function runLine(of: SweepDocument["of"], nominal: number, run: SweptRun): string {
  if (run.failure !== null) return `failed: ${run.failure}`;
  const { written, lost, backlog } = run;
  if (of === "outage")
    return `${describeDuration(nominal)}: ${outcomeWords[run.outcome]}, ${grouped(lost)} of ${grouped(written)} lines lost`;
  return `${grouped(nominal)} lines: ${run.verdict}, recovery ${describeSeconds(backlog?.recoverySeconds ?? null)}`;
}

function outageRow(nominal: number, run: SweptRun): string[] {
  const { timeScale, outage, lost, written, outcome, runId } = run;
  return [
    describeDuration(nominal),
    timeScale === 1 ? "-" : `1/${(1 / timeScale).toFixed(timeScale > 0.1 ? 1 : 0)}`,
    outage === null ? "-" : describeDuration(outage.atLeastSeconds),
    outage === null || outage.atMostSeconds === null ? "-" : describeDuration(outage.atMostSeconds),
    ...[grouped(lost), grouped(written), whyUnknown(run, outcomeWords[outcome]), runId],
  ];
}

function linesRow(nominal: number, run: SweptRun): string[] {
  const { backlog, outage, lost, verdict, runId } = run;
  const { lines = 0, waitSeconds = null, recoverySeconds = null } = backlog ?? {};
  const perSecond = recoverySeconds === null || recoverySeconds === 0 ? null : lines / recoverySeconds;
  return [
    grouped(nominal),
    backlog === null ? "-" : grouped(lines),
    describeSeconds(outage?.atLeastSeconds ?? null),
    ...[waitSeconds, recoverySeconds].map(describeSeconds),
    perSecond === null ? "-" : grouped(Math.round(perSecond)),
    ...[grouped(lost), whyUnknown(run, verdict), runId],
  ];
}

function whyUnknown({ failure, reasons, outcome, verdict }: SweptRun, word: string): string {
  if (failure !== null) return "failed";
  return (outcome === "unknown" || verdict === "unknown") && reasons.length > 0
    ? `${word} (${reasons.join(", ")})`
    : word;
}
