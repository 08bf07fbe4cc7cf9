import { renderSuite, type Testcase } from "../report/junit.ts";
import { describeMeasured } from "../report/matrix.ts";
import type { NightReport, RowReport } from "./night.ts";
import type { NightDocument, RowNotPossible } from "./night-document.ts";
import { describeShare, troubleOf } from "./night-markdown.ts";
import { describeNotPossible } from "./night-rows.ts";

/**
 * A night as JUnit XML, one test case for each row: worse than known is a failure, unknown or better than known an error, and what was not
 * run, or cannot be, is skipped with the reason.
 */
export function renderNightJunit({ night, rows }: NightReport): string {
  return renderSuite(night.nightId, [
    ...rows.map((report) => testcaseOf(report, night)),
    ...night.notPossible.map(skippedOf),
  ]);
}

function skippedOf(row: RowNotPossible): Testcase {
  return {
    classname: `everyline.${row.pipeline}`,
    name: row.scenario,
    seconds: 0,
    outcome: "skipped",
    details: [describeNotPossible(row)],
    output: row.text,
  };
}

function testcaseOf(report: RowReport, night: NightDocument): Testcase {
  const { row, runs, held, interval } = report;
  return {
    classname: `everyline.${row.pipeline}`,
    name: row.scenario,
    seconds: runs.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0),
    output: [row.text, `held ${describeShare(held, runs.length, interval)}`, describeMeasured(runs)].join(
      "\n",
    ),
    ...outcomeOf(report, night),
  };
}

function outcomeOf(report: RowReport, night: NightDocument): Pick<Testcase, "outcome" | "details"> {
  const { state, row } = report;
  if (state === "as known") return { outcome: "passed", details: [] };
  if (state === "not run") {
    const isLeftOut = night.leftOut.some(({ claim }) => claim === row.claim);
    const why = isLeftOut ? "it did not fit into the night's budget" : "the night ended before its turn";
    return { outcome: "skipped", details: [why] };
  }
  const details = [`known: ${row.known.verdict}, tonight: ${report.verdict}`, troubleOf(report)];
  return { outcome: state === "worse than known" ? "failure" : "error", details };
}
