import { join } from "node:path";
import { type Formats, writeFormats } from "../report/write-formats.ts";
import type { NightReport } from "./night.ts";
import { renderNightJunit } from "./night-junit.ts";
import { renderNightMarkdown } from "./night-markdown.ts";
import { renderNightPage } from "./night-page.ts";

/** The formats of a night's report. To add one, write a file in this folder and add a line here. */
const formats: Formats<NightReport> = {
  "nightly.html": renderNightPage,
  "summary.md": renderNightMarkdown,
  "junit.xml": renderNightJunit,
};

/**
 * Writes every file format of a night into its folder, `REPORTS/NIGHT_ID`.
 *
 * @returns the names of the files
 */
export function writeNightReports(report: NightReport, reportsFolder: string): Promise<string[]> {
  const folder = join(reportsFolder, report.night.nightId);
  return writeFormats(folder, formats, report);
}
