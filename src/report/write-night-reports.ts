import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";
import { renderNightPage } from "./html/night-page.ts";
import type { NightReport } from "./night.ts";
import { renderNightJunit } from "./night-junit.ts";
import { renderNightMarkdown } from "./night-markdown.ts";

/** The formats that a night's report is written in: a new one is a file of this room and a line here. */
const formats: Record<string, (report: NightReport) => string> = {
  "nightly.html": renderNightPage,
  "summary.md": renderNightMarkdown,
  "junit.xml": renderNightJunit,
};

/**
 * Writes every file format of a night into its folder, `REPORTS/NIGHT_ID`.
 *
 * @returns the names of the files
 */
export async function writeNightReports(report: NightReport, reportsFolder: string): Promise<string[]> {
  const folder = join(reportsFolder, report.night.nightId);
  for (const [name, render] of Object.entries(formats)) await writeWhole(join(folder, name), render(report));
  return Object.keys(formats);
}
