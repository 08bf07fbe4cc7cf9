import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isAlive, processOf } from "../base/process-identity.ts";
import type { LogFiles } from "../load/log-files.ts";

/**
 * Which runs have a live process: one file for each run, outside the reports, so that `everyline clean` can distinguish what a killed
 * process left from what another process is using, whatever folder it was started in.
 */
const folder = join(tmpdir(), `everyline-${process.getuid?.() ?? -1}`);

const registrationSchema = z.object({
  pid: z.int(),
  startTime: z.string().nullable(),
  /**
   * What the load writes. Other versions of Everyline may describe it differently; such a run still counts as active, so this is not
   * required.
   */
  logFiles: z
    .object({ folder: z.string(), prefix: z.string().optional(), copies: z.string().optional() })
    .optional()
    .catch(undefined),
});

/** Registers that this process carries out a run, until `forgetRun`. */
export function registerRun(runId: string, logFiles: LogFiles): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(runId), JSON.stringify({ ...processOf(process.pid), logFiles }));
}

/** Undoes `registerRun`, for this process's runs and for those whose process was killed. */
export function forgetRun(runId: string): void {
  rmSync(fileOf(runId), { force: true });
}

/** The registered runs, whether their processes are alive or not. */
export function registeredRuns(): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).map((name) => name.replace(/\.json$/, ""));
}

/** Whether the process that registered a run is still alive. */
export function isActive(runId: string): boolean {
  const registration = registrationOf(runId);
  return registration !== undefined && isAlive(registration);
}

/** The log files of a registered run; undefined if it is not registered. */
export function logFilesOf(runId: string): LogFiles | undefined {
  return registrationOf(runId)?.logFiles;
}

function registrationOf(runId: string): z.infer<typeof registrationSchema> | undefined {
  try {
    return registrationSchema.parse(JSON.parse(readFileSync(fileOf(runId), "utf8")));
  } catch {
    // The file is missing, or was truncated by a full disk or a kill. Then nothing is known about the process.
    return undefined;
  }
}

function fileOf(runId: string): string {
  return join(folder, `${runId}.json`);
}
