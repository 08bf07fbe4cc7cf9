import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Which runs have a process behind them: one file a run, outside the reports, so that `everyline clean` knows what a killed
 * process left from what another is using, whatever folder it was started in.
 */
const folder = join(tmpdir(), `everyline-${userInfo().uid}`);

/** Says that this process runs a run, until the returned function is called. */
export function registerRun(runId: string): () => void {
  const path = join(folder, `${runId}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) }));
  return () => rmSync(path, { force: true });
}

/** Whether the process that registered a run still lives. */
export function isActive(runId: string): boolean {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(join(folder, `${runId}.json`), "utf8"));
    process.kill(pid, 0);
    // The number may have gone to another process since.
    return startTimeOf(pid) === startTime;
  } catch {
    return false;
  }
}

/** Forgets a run whose process was killed. */
export function forgetRun(runId: string): void {
  rmSync(join(folder, `${runId}.json`), { force: true });
}

/** When a process started, in the kernel's ticks; null where the kernel does not say (no /proc). */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
