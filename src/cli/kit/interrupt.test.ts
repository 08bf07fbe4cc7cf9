import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";

/** A process that listens to the signal and takes `cleanupMs` to end after it. */
async function start(cleanupMs: number): Promise<ChildProcessWithoutNullStreams> {
  const script = `
    import { interruptSignal } from "${join(import.meta.dirname, "interrupt.ts")}";
    import { exitCodes } from "${join(import.meta.dirname, "../../base/errors.ts")}";
    const keepAlive = setInterval(() => {}, 1_000);
    const signal = interruptSignal();
    if (signal !== interruptSignal()) throw new Error("two signals");
    signal.addEventListener("abort", () => setTimeout(() => {
      console.log(signal.reason.name, signal.reason.message);
      process.exitCode = signal.reason.exitCode;
      clearInterval(keepAlive);
    }, ${cleanupMs}));
    console.log("ready");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  await once(child.stdout, "data");
  return child;
}

async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<{ code: number; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  const [code] = await once(child, "close");
  return { code, output };
}

describe("interruptSignal", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "lets what runs clean up after %s, and ends with 130",
    async (name) => {
      const child = await start(50);
      child.kill(name);
      const { code, output } = await outcomeOf(child);
      expect(code).toBe(130);
      expect(output).toContain(`${name}, cleaning up`);
      expect(output).toContain(`InterruptedError interrupted by ${name}.`);
    },
  );

  it("counts two signals at once, which npm sends for one Ctrl-C, as one", async () => {
    const child = await start(50);
    child.kill("SIGINT");
    await once(child.stderr, "data");
    child.kill("SIGINT");
    const { output } = await outcomeOf(child);
    expect(output).toContain("InterruptedError");
  });

  it("ends at once at a second signal later, and says how to clean up", async () => {
    const child = await start(60_000);
    child.kill("SIGINT");
    await once(child.stderr, "data");
    await setTimeout(1_100);
    child.kill("SIGINT");
    const { code, output } = await outcomeOf(child);
    expect(code).toBe(130);
    expect(output).toContain("everyline clean");
  });
});
