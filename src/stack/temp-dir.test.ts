import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "./temp-dir.ts";

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
});
