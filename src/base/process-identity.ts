import { readFileSync } from "node:fs";

/** Which process of this machine, among all that have had its number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the kernel's ticks: its number may go to another. Null where the kernel does not say. */
  startTime: string | null;
}

/** The process that has a number now. */
export function processOf(pid: number): ProcessIdentity {
  return { pid, startTime: statusOf(pid)?.startTime ?? null };
}

/** Whether a process lives: one that was killed does not, even if nobody has taken notice of its end yet. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const status = statusOf(pid);
  return status?.state !== "Z" && (status?.startTime ?? null) === startTime;
}

/** The third and the 22nd field of `/proc/PID/stat`, proc(5); undefined where there is no such file. */
function statusOf(pid: number): { state: string; startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name, is in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return undefined;
  }
}
