import { type Formats, writeFormats } from "../report/write-formats.ts";
import type { ReliabilityDocument } from "./reliability-document.ts";
import { renderReliabilityMarkdown } from "./reliability-markdown.ts";

/** The formats of a measurement. To add one, write a file in this folder and add a line here. */
const formats: Formats<ReliabilityDocument> = {
  "reliability.json": (document) => `${JSON.stringify(document, null, 2)}\n`,
  "reliability.md": renderReliabilityMarkdown,
};

/** Writes every file format of a measurement into its folder, `REPORTS/RELIABILITY_ID`. */
export async function writeReliabilityReports(document: ReliabilityDocument, folder: string): Promise<void> {
  await writeFormats(folder, formats, document);
}
