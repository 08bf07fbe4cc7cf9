import { join } from "node:path";
import { readDocument } from "../base/read-document.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import { recordedSchema } from "../judge/recorded.ts";
import type { RecordedAlerts } from "../judge/recorded-alerts.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { type Ledger, readLedger } from "../load/ledger.ts";
import { readRunDocument } from "../store/run-documents.ts";

/** What rules are compared with in a stored run. */
export interface RunToTry extends Pick<RunDocument, "runId" | "plan" | "faults" | "lost"> {
  /** How many lines were lost; null if that is not certain. Then `lost` is empty. */
  lostLines: number | null;
  ledger: Ledger;
  /** What the run observed of alerts itself; null if nothing. */
  recorded: RecordedAlerts | null;
}

/**
 * Reads what a run stored.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if a file is missing or has another form
 */
export async function readRunToTry(folder: string): Promise<RunToTry> {
  const document = await readRunDocument(join(folder, "run.json"));
  const { runId, plan, faults, lost, counts } = document;
  const ledger = await readLedger(join(folder, "ledger.json"));
  const form = "recording of the form everyline/recording@1";
  const { alerts } = await readDocument(join(folder, "recording.json"), recordedSchema, form);
  const isCertain = isLossCertain(document);
  return {
    ...{ runId, plan, faults, ledger },
    lost: isCertain ? lost : [],
    lostLines: isCertain ? counts.lost : null,
    recorded: alerts,
  };
}
