import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const termToKillMs = 3_000;
const linesKept = 15;

export interface ProcessGroupOptions {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Called for each line of stdout and stderr. */
  onLine: (line: string) => void;
}

/**
 * Runs a program in a process group of its own and waits for it. When `signal` aborts, the whole group gets SIGTERM and,
 * three seconds later, SIGKILL; the promise then rejects with the signal's reason, after the program has ended. A group
 * never outlives this process, unless this process is killed with SIGKILL.
 *
 * @throws Error with the program's last lines where it cannot start or does not exit with 0
 */
export async function runProcessGroup(
  command: string,
  args: string[],
  { env, signal, onLine }: ProcessGroupOptions,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(command, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const lastLines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      lastLines.push(line);
      if (lastLines.length > linesKept) lastLines.shift();
      onLine(line);
    });
  }

  let killTimer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    killGroup(child, "SIGTERM");
    killTimer = setTimeout(killGroup, termToKillMs, child, "SIGKILL");
  };
  const onExit = () => killGroup(child, "SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  // Before other exit handlers, such as the one that removes the folder that the group still writes to.
  process.prependOnceListener("exit", onExit);
  try {
    const outcome = await ended(child);
    signal.throwIfAborted();
    if (outcome !== 0) throw new Error([`${command} ended with ${outcome}:`, ...lastLines].join("\n  "));
  } finally {
    // The leader may end before its children do.
    onExit();
    clearTimeout(killTimer);
    signal.removeEventListener("abort", onAbort);
    process.off("exit", onExit);
  }
}

/** The exit code, or the name of the signal that ended it. */
function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signalName) => resolve(code ?? String(signalName)));
  });
}

function killGroup(child: ChildProcess, signalName: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signalName);
  } catch {
    // The group has ended already.
  }
}
