import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive, processOf } from "./process-identity.ts";
import { removeAbandonedTempDirs, tempDir } from "./temp-dir.ts";

describe("tempDir", () => {
  it("is gone, with all that is in it, at the end of its scope", async () => {
    let path: string;
    {
      await using dir = await tempDir("everyline-test-");
      path = dir.path;
      await writeFile(join(path, "file"), "content");
      expect(existsSync(path)).toBe(true);
    }
    expect(existsSync(path)).toBe(false);
  });

  it("is gone when the process exits within its scope", () => {
    const script = `
      const { tempDir } = await import("${join(import.meta.dirname, "temp-dir.ts")}");
      await using dir = await tempDir("everyline-test-");
      console.log(dir.path);
      process.exit();
    `;
    const path = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    }).trim();
    expect(path).toContain("everyline-test-");
    expect(existsSync(path)).toBe(false);
  });

  it("is removed after its process was killed, with the processes that use it; that of a live process is left", async () => {
    await using own = await tempDir("everyline-test-");
    const script = `
      const { spawn } = await import("node:child_process");
      const { tempDir } = await import("${join(import.meta.dirname, "temp-dir.ts")}");
      const dir = await tempDir("everyline-test-");
      const worker = spawn("bash", ["-c", "sleep 60; true", dir.path], { detached: true, stdio: "ignore" });
      console.log(JSON.stringify({ path: dir.path, pid: worker.pid }));
      setInterval(() => {}, 1_000);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const [printed] = await once(child.stdout, "data");
    const { path, pid } = JSON.parse(String(printed));
    await removeAbandonedTempDirs();
    expect(existsSync(path)).toBe(true);
    const worker = processOf(pid);
    expect(isAlive(worker)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    await removeAbandonedTempDirs();
    expect(existsSync(path)).toBe(false);
    expect(isAlive(worker)).toBe(false);
    expect(existsSync(own.path)).toBe(true);
  });
});
