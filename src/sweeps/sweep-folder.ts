import { join } from "node:path";
import { readDocument } from "../base/read-document.ts";
import { concluded } from "./conclude-sweep.ts";
import { sweepDocumentSchema } from "./sweep-document.ts";
import { writeSweepReports } from "./write-sweep-reports.ts";

/** The file in a sweep's folder that holds its results. */
export const sweepFile = "sweep.json";

/**
 * (Re)writes every file report of a stored sweep, and concludes again from the runs in its document.
 *
 * @param folder `reports/SWEEP_ID`
 * @returns the names of the files
 * @throws UsageError if the folder does not contain a sweep
 */
export async function reportStoredSweep(folder: string): Promise<string[]> {
  const sweep = await readDocument(
    join(folder, sweepFile),
    sweepDocumentSchema,
    "sweep of the form everyline/sweep@1",
  );
  return writeSweepReports(concluded(sweep), folder);
}
