import { describe, expect, it } from "vitest";
import { runProcessGroup } from "./process-group.ts";

const never = new AbortController().signal;

function bash(script: string, signal = never, onLine: (line: string) => void = () => {}): Promise<void> {
  return runProcessGroup("bash", ["-c", script], { env: process.env, signal, onLine });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("runProcessGroup", () => {
  it("hands over each line of stdout and stderr", async () => {
    const lines: string[] = [];
    await bash("echo out; echo err >&2", never, (line) => lines.push(line));
    expect(lines.sort()).toEqual(["err", "out"]);
  });

  it("fails with the exit code and the last lines", async () => {
    await expect(bash("for i in $(seq 40); do echo line $i; done; exit 3")).rejects.toThrow(
      /^bash ended with 3:\n {2}line 26\n( {2}line \d+\n){13} {2}line 40$/,
    );
  });

  it("names the signal that killed the program", async () => {
    await expect(bash("kill -9 $$")).rejects.toThrow("bash ended with SIGKILL");
  });

  it("fails when there is no such program", async () => {
    const options = { env: process.env, signal: never, onLine: () => {} };
    await expect(runProcessGroup("/no/such/program", [], options)).rejects.toThrow("ENOENT");
  });

  it("starts nothing once the signal has aborted", async () => {
    await expect(bash("exit 3", AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  });

  it("takes down the program's children too, and throws the signal's reason", async () => {
    const controller = new AbortController();
    let childPid = 0;
    const run = bash("sleep 60 & echo $!; wait", controller.signal, (line) => {
      childPid = Number(line);
      controller.abort(new Error("stopped"));
    });
    await expect(run).rejects.toThrow("stopped");
    await expect.poll(() => isRunning(childPid)).toBe(false);
  });

  it("kills what does not listen to SIGTERM", { timeout: 10_000 }, async () => {
    const controller = new AbortController();
    const run = bash("trap '' TERM; echo ready; while :; do sleep 0.1; done", controller.signal, () =>
      controller.abort(new Error("stopped")),
    );
    await expect(run).rejects.toThrow("stopped");
  });
});
