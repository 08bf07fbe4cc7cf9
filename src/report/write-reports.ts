import { join } from "node:path";
import { writeWhole } from "../write-whole.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { RunDocument } from "./run-document.ts";

/** The formats that are files: a new one is a file of this room and a line here. */
const formats: Record<string, (runs: RunDocument[]) => string> = {
  "report.md": renderMarkdown,
  "junit.xml": renderJunit,
};

/** Writes every file format of some runs into a folder. */
export async function writeReports(folder: string, runs: RunDocument[]): Promise<void> {
  for (const [name, render] of Object.entries(formats)) await writeWhole(join(folder, name), render(runs));
}
