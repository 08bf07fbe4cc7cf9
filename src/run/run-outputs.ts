import { mkdir } from "node:fs/promises";
import { UsageError } from "../base/errors.ts";
import { Redactor } from "../base/redact.ts";
import { planFault } from "../faults/plan-fault.ts";
import { attachedPrefix, type LogFiles } from "../load/log-files.ts";
import { defaultFileNames } from "../pipeline/file-name.ts";
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
  /** What the names of the run's sources begin with, if the folder of their files is not the run's own; empty otherwise. */
  sourcePrefix: string;
}

/**
 * Makes the run's folder and its journal, and registers the run, so that `everyline clean` finds it if it is killed.
 *
 * @throws UnavailableError if the folder cannot be made, or the disk is nearly full
 * @throws UsageError if the faults of the scenario are not possible on the stack that the run attaches to
 */
export async function openOutputs(request: RunRequest, context: RunContext): Promise<RunOutputs> {
  const { deployment } = request.pipeline;
  const attached = await attachedLogFolder(request, context);
  const sourcePrefix = attached === undefined ? "" : attachedPrefix(request.runId.slice(-runSuffixLength));
  const folder = await RunFolder.create(request.reportsFolder, request.runId);
  const logFiles =
    attached === undefined
      ? { folder: folder.logs, copies: folder.copies }
      : { folder: attached, prefix: attachedFilePrefix(request.plan, sourcePrefix) };
  const redactor = new Redactor(deployment.kind === "own" ? deployment.secrets : []);
  const journal = new Journal(folder.file("journal.ndjson"), redactor, context.onEvent);
  registerRun(request.runId, logFiles);
  // After the registration, since `everyline clean` removes only the folders that it finds registered.
  await mkdir(logFiles.folder, { recursive: true });
  return { folder, journal, redactor, logFiles, sourcePrefix };
}

/** Stores the plan of a run, without the secrets that are known by now. */
export async function writePlan(
  { folder, redactor }: Pick<RunOutputs, "folder" | "redactor">,
  plan: RunRequest["plan"],
): Promise<void> {
  await folder.writeJson(planFile, redactor.deep(plan));
}

/**
 * If the run attaches to a stack that is already up, the folder that its shipper reads, into which other programs write as well; undefined
 * otherwise.
 */
async function attachedLogFolder(
  { pipeline, plan }: RunRequest,
  { place }: RunContext,
): Promise<string | undefined> {
  if (attachedProject(pipeline) === undefined) return undefined;
  if (place.find === undefined) throw new UsageError("no stack that is up can be attached to in this place.");
  const found = await place.find(pipeline);
  // Checked again, because only now it is known how many instances each service has.
  for (const fault of faultsOf(plan)) planFault(fault, found.pipeline);
  return found.logsFolder;
}

/** What the names of a run's files begin with, among files of others. */
function attachedFilePrefix({ load }: RunRequest["plan"], sourcePrefix: string): string {
  const { fileNames = defaultFileNames } = load;
  return fileNames.slice(0, fileNames.indexOf("*")) + sourcePrefix;
}
