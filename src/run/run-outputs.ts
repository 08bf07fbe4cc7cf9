import { mkdir } from "node:fs/promises";
import { UsageError } from "../base/errors.ts";
import { Redactor } from "../base/redact.ts";
import { planFault } from "../faults/plan-fault.ts";
import { attachedPrefix, type LogFiles } from "../load/log-files.ts";
import { attachedProject } from "../pipeline/pipeline.ts";
import { faultsOf } from "../plan/scheduled-fault.ts";
import { registerRun } from "../store/active-runs.ts";
import { Journal } from "../store/journal.ts";
import { RunFolder } from "../store/run-folder.ts";
import { planFile } from "../store/stored-recording.ts";
import type { RunContext, RunRequest } from "./run-request.ts";

/** A run's id ends with four random digits. */
const runSuffixLength = 4;

/** What a run writes into. */
export interface RunOutputs {
  folder: RunFolder;
  journal: Journal;
  redactor: Redactor;
  logFiles: LogFiles;
}

/**
 * Makes the run's folder and its journal, and registers the run, so that `everyline clean` finds it if it is killed.
 *
 * @throws UnavailableError if the folder cannot be made, or the disk is nearly full
 * @throws UsageError if the stack that the run attaches to cannot be broken as the scenario says
 */
export async function openOutputs(request: RunRequest, context: RunContext): Promise<RunOutputs> {
  const { deployment } = request.pipeline;
  const ofAttached = await attachedLogFiles(request, context);
  const folder = await RunFolder.create(request.reportsFolder, request.runId);
  const logFiles = ofAttached ?? { folder: folder.logs, copies: folder.copies };
  const redactor = new Redactor(deployment.kind === "own" ? deployment.secrets : []);
  const journal = new Journal(folder.file("journal.ndjson"), redactor, context.onEvent);
  registerRun(request.runId, logFiles);
  // After the registration, since `everyline clean` removes only the folders that it finds registered.
  await mkdir(logFiles.folder, { recursive: true });
  return { folder, journal, redactor, logFiles };
}

/** Stores the plan of a run, without the secrets that are known by now. */
export async function writePlan(
  { folder, redactor }: Pick<RunOutputs, "folder" | "redactor">,
  plan: RunRequest["plan"],
): Promise<void> {
  await folder.writeJson(planFile, redactor.deep(plan));
}

/** A stack that is up already has its shipper read a folder that other programs write into as well. */
async function attachedLogFiles(
  { pipeline, runId, plan }: RunRequest,
  { place }: RunContext,
): Promise<LogFiles | undefined> {
  if (attachedProject(pipeline) === undefined) return undefined;
  if (place.find === undefined) throw new UsageError("no stack that is up can be attached to in this place.");
  const found = await place.find(pipeline);
  // Now that it is known how many instances each service has.
  for (const fault of faultsOf(plan)) planFault(fault, found.pipeline);
  return { folder: found.logsFolder, prefix: attachedPrefix(runId.slice(-runSuffixLength)) };
}
