import { join } from "node:path";
import { judgeRun } from "../judge/judge-run.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { readStoredDocument } from "./run-documents.ts";
import { readRecording } from "./stored-recording.ts";
import { judgeRunOf1 } from "./stored-run-1.ts";

/** A stored run, judged again. */
export interface Rejudged {
  stored: RunDocument;
  /** The document that the judge computes now from the plan and the recording. */
  document: RunDocument;
}

/**
 * Judges a run again without running anything, from its stored plan and recording alone. The result equals the stored document byte for
 * byte, unless the judge or the files have changed. A file of lines that is missing or truncated adds a doubt.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if the folder holds no finished run, or its plan, its ledger or its recording is missing
 */
export async function judgeStoredRun(folder: string): Promise<Rejudged> {
  const { document: stored, schema } = await readStoredDocument(join(folder, "run.json"));
  if (schema === "everyline/run@1") return { stored, document: await judgeRunOf1(folder, stored) };
  const { plan, recording } = await readRecording(folder);
  return { stored, document: judgeRun(plan, recording) };
}
