import { join } from "node:path";
import { judgeRun } from "../judge/judge-run.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { readStoredDocument } from "./run-documents.ts";
import { readRecording } from "./stored-recording.ts";
import { judgeRunOf1 } from "./stored-run-1.ts";

/** A stored run, judged again. */
export interface Rejudged {
  stored: RunDocument;
  /** What the judge makes of its plan and its recording now. */
  document: RunDocument;
}

/**
 * Judges a run again without running anything. What is judged is its plan and its recording alone, so the document is the stored one,
 * byte for byte, unless the judge has changed or the files have. A file of lines that is missing or was shortened is a doubt.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if the folder holds no finished run, or its plan, its ledger or what it recorded is missing
 */
export async function judgeStoredRun(folder: string): Promise<Rejudged> {
  const { document: stored, schema } = await readStoredDocument(join(folder, "run.json"));
  if (schema === "everyline/run@1") return { stored, document: await judgeRunOf1(folder, stored) };
  const { plan, recording } = await readRecording(folder);
  return { stored, document: judgeRun(plan, recording) };
}
