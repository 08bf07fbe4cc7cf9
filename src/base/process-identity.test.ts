import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { isAlive, processOf } from "./process-identity.ts";

describe("a process", () => {
  it("is alive while it runs; another process with the same number is not it", () => {
    const { pid, startTime } = processOf(process.pid);
    expect(isAlive({ pid, startTime })).toBe(true);
    expect(isAlive({ pid, startTime: "1" })).toBe(false);
  });

  it("is not alive when it has ended", async () => {
    const child = spawn("true");
    const pid = child.pid!;
    await once(child, "exit");
    expect(isAlive({ pid, startTime: null })).toBe(false);
  });

  it.runIf(process.platform === "linux")(
    "is not alive when it has ended, also while its parent has not collected its exit code",
    async () => {
      // The shell becomes a program that never waits for its child.
      const parent = spawn("bash", ["-c", "sleep 0.2 & echo $!; exec sleep 30"]);
      const [printed] = await once(parent.stdout, "data");
      const pid = Number(printed);
      const stat = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
      const startTime = stat()[19]!;
      while (stat()[0] !== "Z") await setTimeout(10);
      expect(isAlive({ pid, startTime })).toBe(false);
      parent.kill("SIGKILL");
    },
  );
});
