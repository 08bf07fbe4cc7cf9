import { describeMeasured } from "../report/matrix.ts";
import type { NightReport } from "./night.ts";
import { troubleOf } from "./night-markdown.ts";

/** GitHub shows at most so many annotations of one kind in a step. */
const maxAnnotations = 10;

/**
 * The rows of a night that need attention, as workflow commands of GitHub Actions, a line each: an error for a row that is worse than
 * known, a warning for one that is unknown or better.
 */
export function renderAnnotations({ rows }: NightReport): string {
  const lines = (state: string, command: string) =>
    rows
      .filter((report) => report.state === state)
      .slice(0, maxAnnotations)
      .map((report) => {
        const measured = [describeMeasured(report.runs), troubleOf(report)].filter((text) => text !== "");
        return `::${command} title=${property(`${report.row.claim}: ${report.verdict}`)}::${data(measured.join("; "))}`;
      });
  const all = [
    ...lines("worse than known", "error"),
    ...lines("unknown", "warning"),
    ...lines("better than known", "warning"),
  ];
  return all.map((line) => `${line}\n`).join("");
}

/** Escapes as https://github.com/actions/toolkit does in packages/core/src/command.ts. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
