import { readFileSync } from "node:fs";

/** Identifies a process of this machine, although process ids are reused. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the kernel's clock ticks. Null if the kernel does not report it. */
  startTime: string | null;
}

/** The process that has an id now. */
export function processOf(pid: number): ProcessIdentity {
  return { pid, startTime: statusOf(pid)?.startTime ?? null };
}

/** Whether a process is alive. A zombie, which was killed but not reaped yet, is not. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const status = statusOf(pid);
  return status?.state !== "Z" && (status?.startTime ?? null) === startTime;
}

/** The third and the 22nd field of `/proc/PID/stat`, proc(5); undefined if there is no such file. */
function statusOf(pid: number): { state: string; startTime: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name, is in parentheses and may contain any character.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return undefined;
  }
}
