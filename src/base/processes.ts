import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive, type ProcessIdentity, processOf } from "./process-identity.ts";

/** A process of this machine and its command line. */
export interface RunningProcess extends ProcessIdentity {
  argv: string[];
}

const endProbeMs = 20;
const endTimeoutMs = 5_000;

/** Every process that this user can see. */
export async function listProcesses(): Promise<RunningProcess[]> {
  const found = process.platform === "linux" ? await fromProc() : await fromPs();
  return found.map(({ pid, argv }) => ({ ...processOf(pid), argv }));
}

/**
 * Sends SIGKILL to processes, or to the process groups that they lead, and waits until they are gone.
 *
 * @throws Error if one does not end in time
 */
export async function endProcesses(processes: ProcessIdentity[], what: "process" | "group"): Promise<void> {
  const killed = processes.filter((identity) => isAlive(identity) && kill(identity.pid, what));
  for (const deadlineMs = Date.now() + endTimeoutMs; killed.some(isAlive); await setTimeout(endProbeMs)) {
    if (Date.now() > deadlineMs)
      throw new Error(`processes do not end: ${killed.map(({ pid }) => pid).join(", ")}`);
  }
}

/** @returns false if there is no such process, or it does not lead a group */
function kill(pid: number, what: "process" | "group"): boolean {
  try {
    return process.kill(what === "group" ? -pid : pid, "SIGKILL");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw thrown;
  }
}

async function fromProc(): Promise<{ pid: number; argv: string[] }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = pids.map(async (pid) => {
    // It may have ended already.
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return { pid, argv: text.split("\0").filter((argument) => argument !== "") };
  });
  return Promise.all(found);
}

/** Arguments with spaces are split; none of the arguments that are searched for has any. */
async function fromPs(): Promise<{ pid: number; argv: string[] }[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,args="], {
    maxBuffer: 2 ** 26,
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, ...argv] = line.trim().split(/\s+/);
      return { pid: Number(pid), argv };
    });
}
