import { join } from "node:path";
import { writeWhole } from "../base/write-whole.ts";

/** Files by their names, and the function that makes each. */
export type Formats<Report> = Record<string, (report: Report) => string>;

/**
 * Writes a report in each format into a folder.
 *
 * @returns the names of the files
 */
export async function writeFormats<Report>(
  folder: string,
  formats: Formats<Report>,
  report: Report,
): Promise<string[]> {
  for (const [name, render] of Object.entries(formats)) await writeWhole(join(folder, name), render(report));
  return Object.keys(formats);
}
