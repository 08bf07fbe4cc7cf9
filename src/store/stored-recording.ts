import { join } from "node:path";
import { readDocument } from "../base/read-document.ts";
import type { Redactor } from "../base/redact.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import { type Recorded, recordedSchema } from "../judge/recorded.ts";
import type { Recording } from "../judge/recording.ts";
import type { Arrivals } from "../load/arrivals.ts";
import { readLedger } from "../load/ledger.ts";
import { type Plan, planSchema } from "../plan/plan.ts";
import { readArrivals, writeArrivals } from "./arrivals-file.ts";
import { readKafkaRecording } from "./kafka-recording.ts";
import { RecordingFiles } from "./recording-files.ts";
import { observedName, type RunFolder } from "./run-folder.ts";

/** The file of a run's folder that holds its plan. */
export const planFile = "plan.json";
const ledgerFile = "ledger.json";
const recordedFile = "recording.json";

/** A run as it is stored in its folder: its plan, and what it observed. */
export interface StoredRecording {
  plan: Plan;
  recording: Recording;
}

/** Stores what a run observed, except the ledger and the lines that were read back, which are stored during the run. */
export async function writeRecording(
  folder: RunFolder,
  recorded: Recorded,
  arrivals: Arrivals,
  redactor: Pick<Redactor, "deep">,
): Promise<void> {
  writeArrivals(folder, arrivals);
  await folder.writeJson(recordedFile, redactor.deep(recorded));
}

/**
 * Reads when the lines of a run were written and seen to arrive, without the lines themselves.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if the ledger or `recording.json` is missing or not valid
 */
export async function readArrivalsOf(
  folder: string,
): Promise<Pick<Recording, "recorded" | "ledger" | "arrivals">> {
  const { ledger, recorded } = await readFigures(folder);
  const arrivals = await readArrivals(new RecordingFiles(folder), ledger, recorded.arrivals);
  return { ledger, recorded, arrivals };
}

async function readFigures(folder: string): Promise<Pick<Recording, "recorded" | "ledger">> {
  const ledger = await readLedger(join(folder, ledgerFile));
  const recorded = await readDocument(
    join(folder, recordedFile),
    recordedSchema,
    "recording of the form everyline/recording@1",
  );
  return { ledger, recorded };
}

/**
 * Reads the plan and the recording of a run. A file of lines that is missing or was shortened is noted in the recording.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if the plan, the ledger or `recording.json` is missing or not valid
 */
export async function readRecording(folder: string): Promise<StoredRecording> {
  const plan = await readDocument(join(folder, planFile), planSchema, "plan of the form everyline/plan@2");
  const { ledger, recorded } = await readFigures(folder);
  const files = new RecordingFiles(folder);
  const observations: Observation[] = [];
  for (const { reading, entries, counted } of recorded.readings) {
    const observation = observationFor(ledger);
    await files.readLines(observedName(reading), entries, (line) => void observation.add(line));
    observation.hiddenCopies = counted - entries;
    observations.push(observation);
  }
  const arrivals = await readArrivals(files, ledger, recorded.arrivals);
  const { kafka, failover } = await readKafkaRecording(files, ledger, recorded);
  const { damage } = files;
  return { plan, recording: { recorded, ledger, arrivals, observations, kafka, failover, damage } };
}
