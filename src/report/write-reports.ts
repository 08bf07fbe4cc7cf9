import { renderRunPage } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportedRun } from "./reported-run.ts";
import { renderTap } from "./tap.ts";
import { type Formats, writeFormats } from "./write-formats.ts";

/** The file formats of a run's report. To add one, write a file in this folder and add a line here. */
const formats: Formats<ReportedRun> = {
  "report.md": ({ document }) => renderMarkdown([document]),
  "report.html": renderRunPage,
  "junit.xml": ({ document }) => renderJunit([document]),
  "report.tap": ({ document }) => renderTap(document),
};

/**
 * Writes every file format of a run into a folder.
 *
 * @returns the names of the files
 */
export function writeReports(folder: string, run: ReportedRun): Promise<string[]> {
  return writeFormats(folder, formats, run);
}
