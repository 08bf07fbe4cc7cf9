import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";
import { renderRunPage } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportedRun } from "./reported-run.ts";

/** The formats that are files: a new one is a file of this room and a line here. */
const formats: Record<string, (run: ReportedRun) => string> = {
  "report.md": ({ document }) => renderMarkdown([document]),
  "report.html": renderRunPage,
  "junit.xml": ({ document }) => renderJunit([document]),
};

/**
 * Writes every file format of a run into a folder.
 *
 * @returns the names of the files
 */
export async function writeReports(folder: string, run: ReportedRun): Promise<string[]> {
  for (const [name, render] of Object.entries(formats)) await writeWhole(join(folder, name), render(run));
  return Object.keys(formats);
}
