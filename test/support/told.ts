import { join } from "node:path";
import { check, type Findings } from "../../src/judge/check.ts";
import type { JudgedFault } from "../../src/judge/fault-record.ts";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { worstFindings } from "../../src/judge/worst-reading.ts";
import { describeFaultEvidence } from "../../src/report/words/evidence-words.ts";
import { describeReasons } from "../../src/report/words/reason-words.ts";
import { readRecording } from "../../src/store/stored-recording.ts";

/** The reasons of a run's verdict as reports tell them. */
export function reasonsOf(run: RunDocument): string[] {
  return describeReasons(run);
}

/** The evidence of a fault as reports tell it. */
export function evidenceOf(fault: JudgedFault | undefined): string {
  return fault === undefined ? "" : describeFaultEvidence(fault);
}

/** What the readings of a stored run find together. */
export async function findingsOf(folder: string, runId: string): Promise<Findings> {
  const { recording } = await readRecording(join(folder, runId));
  return worstFindings(recording.observations.map((observation) => check(recording.ledger, observation)));
}
