import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "./command.ts";
import { leftoversOf } from "./leftovers.ts";

const probeMs = 20;

/** A run of `sink-restart` as a child process, which a test may interrupt. */
export class StartedRun {
  readonly process: ChildProcess;
  readonly runId: string;
  #stderr = "";

  private constructor(process: ChildProcess, runId: string) {
    this.process = process;
    this.runId = runId;
  }

  /**
   * Starts a run and waits until it has a folder.
   *
   * @param children gets the process, so that the test can end it whatever happens
   */
  static async start(out: string, children: ChildProcess[], ...args: string[]): Promise<StartedRun> {
    const before = new Set(await readdir(out));
    const child = spawn(join(root, "bin/everyline"), ["run", "sink-restart", "--out", out, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    children.push(child);
    let stderr = "";
    let run: StartedRun | undefined;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (run !== undefined) run.#stderr = stderr;
    });
    for (;;) {
      const [runId] = (await readdir(out)).filter((name) => !before.has(name));
      if (runId !== undefined) {
        run = new StartedRun(child, runId);
        run.#stderr = stderr;
        return run;
      }
      if (child.exitCode !== null) throw new Error(`the run ended before it had a folder:\n${stderr}`);
      await setTimeout(probeMs);
    }
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until the run is in a phase, or has ended. */
  async reaches(phase: string): Promise<void> {
    while (!this.stderr.includes(`  ${phase} `) && this.process.exitCode === null) await setTimeout(probeMs);
    // In the midst of `docker compose up`, when some of it is there and some is not.
    while (phase === "up" && (await leftoversOf(this.runId)).length === 0) await setTimeout(probeMs / 4);
  }

  /** Sends a signal and waits for the end. @returns the exit code, null where the signal ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    const [exitCode] = await ended;
    return exitCode;
  }

  /** Waits for the end. */
  async exitCode(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, "exit");
    return this.process.exitCode;
  }
}
