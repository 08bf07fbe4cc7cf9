import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { LogFiles } from "./log-files.ts";

/**
 * Which runs have a process behind them: one file a run, outside the reports, so that `everyline clean` knows what a killed
 * process left from what another is using, whatever folder it was started in.
 */
const folder = join(tmpdir(), `everyline-${userInfo().uid}`);

const registrationSchema = z.object({
  pid: z.int(),
  /** When the process started, in the kernel's ticks: its number may go to another. Null where the kernel does not say. */
  startTime: z.string().nullable(),
  /** What the load writes. */
  logFiles: z.object({ folder: z.string(), prefix: z.string().optional() }),
});

/** Says that this process carries out a run, until `forgetRun`. */
export function registerRun(runId: string, logFiles: LogFiles): void {
  mkdirSync(folder, { recursive: true });
  const { pid } = process;
  writeFileSync(fileOf(runId), JSON.stringify({ pid, startTime: startTimeOf(pid), logFiles }));
}

/** Takes back `registerRun`, for this process's runs and for those whose process was killed. */
export function forgetRun(runId: string): void {
  rmSync(fileOf(runId), { force: true });
}

/** The runs that are registered, whether their processes live or not. */
export function registeredRuns(): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).map((name) => name.replace(/\.json$/, ""));
}

/** Whether the process that registered a run still lives. */
export function isActive(runId: string): boolean {
  const registration = registrationOf(runId);
  if (registration === undefined) return false;
  try {
    process.kill(registration.pid, 0);
    return startTimeOf(registration.pid) === registration.startTime;
  } catch {
    return false;
  }
}

/** The log files of a registered run; undefined if it is not registered. */
export function logFilesOf(runId: string): LogFiles | undefined {
  return registrationOf(runId)?.logFiles;
}

function registrationOf(runId: string): z.infer<typeof registrationSchema> | undefined {
  try {
    return registrationSchema.parse(JSON.parse(readFileSync(fileOf(runId), "utf8")));
  } catch {
    // Not there, or cut short by a full disk or a kill: then nothing is known of its process.
    return undefined;
  }
}

function fileOf(runId: string): string {
  return join(folder, `${runId}.json`);
}

function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
