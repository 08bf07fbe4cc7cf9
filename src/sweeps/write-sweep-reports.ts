import { type Formats, writeFormats } from "../report/write-formats.ts";
import { chartFile, renderSweepChart } from "./sweep-chart.ts";
import type { SweepDocument } from "./sweep-document.ts";
import { renderSweepMarkdown } from "./sweep-markdown.ts";

/** The formats of a sweep's report. To add one, write a file in this folder and add a line here. */
const formats: Formats<SweepDocument> = {
  "sweep.json": (sweep) => `${JSON.stringify(sweep, null, 2)}\n`,
  "sweep.md": renderSweepMarkdown,
  [chartFile]: renderSweepChart,
};

/**
 * Writes every file format of a sweep into its folder.
 *
 * @returns the names of the files
 */
export function writeSweepReports(sweep: SweepDocument, folder: string): Promise<string[]> {
  return writeFormats(folder, formats, sweep);
}
