import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runProcessGroup } from "./process-group.ts";
import { tempDir } from "./temp-dir.ts";

const never = new AbortController().signal;

function bash(script: string, signal = never, onLine: (line: string) => void = () => {}): Promise<void> {
  return runProcessGroup("bash", ["-c", script], { env: process.env, signal, onLine });
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

  it("ends the program's children, too, and throws the signal's reason", async () => {
    await using dir = await tempDir("everyline-test-");
    const ticks = join(dir.path, "ticks");
    const controller = new AbortController();
    const script = `echo tick > ${ticks}; (while :; do echo tick >> ${ticks}; sleep 0.02; done) >/dev/null 2>&1 & echo started; wait`;
    const run = bash(script, controller.signal, () => controller.abort(new Error("stopped")));
    await expect(run).rejects.toThrow("stopped");
    const { size } = await stat(ticks);
    await setTimeout(200);
    expect((await stat(ticks)).size).toBe(size);
  });

  it("sends SIGKILL to a program that ignores SIGTERM", { timeout: 10_000 }, async () => {
    const controller = new AbortController();
    const run = bash("trap '' TERM; echo ready; while :; do sleep 0.1; done", controller.signal, () =>
      controller.abort(new Error("stopped")),
    );
    await expect(run).rejects.toThrow("stopped");
  });
});
