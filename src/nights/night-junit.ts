import { renderSuite, type Testcase } from "../report/junit.ts";
import { describeMeasured } from "../report/matrix.ts";
import type { NightReport, RowReport } from "./night.ts";
import { describeShare, troubleOf } from "./night-markdown.ts";

/**
 * A night as JUnit XML, one test case for each row: worse than known is a failure, unknown or better than known an error, and not run is
 * skipped.
 */
export function renderNightJunit({ night, rows }: NightReport): string {
  return renderSuite(night.nightId, rows.map(testcaseOf));
}

function testcaseOf(report: RowReport): Testcase {
  const { row, runs, state, held, interval } = report;
  return {
    classname: `everyline.${row.pipeline}`,
    name: row.scenario,
    seconds: runs.reduce((sum, { totalSeconds }) => sum + totalSeconds, 0),
    output: [row.text, `held ${describeShare(held, runs.length, interval)}`, describeMeasured(runs)].join(
      "\n",
    ),
    ...outcomeOf(report, state),
  };
}

function outcomeOf(report: RowReport, state: RowReport["state"]): Pick<Testcase, "outcome" | "details"> {
  if (state === "as known") return { outcome: "passed", details: [] };
  if (state === "not run") return { outcome: "skipped", details: [] };
  const details = [`known: ${report.row.known.verdict}, tonight: ${report.verdict}`, troubleOf(report)];
  return { outcome: state === "worse than known" ? "failure" : "error", details };
}
