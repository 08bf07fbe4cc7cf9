import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const reliability = (...args: string[]) => run("bin/everyline", ["reliability", ...args, "--dry-run"]);

describe("everyline reliability", () => {
  it("tells which runs it would draw, the same ones for the same seed", async () => {
    const { exitCode, stdout } = await reliability("--pipeline", "direct", "--runs", "5", "--seed", "7");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^direct \(single\), seed 7\nclaim: Option 1 is 99\.9 % reliable\. \(/);
    expect(stdout).toMatch(/break one thing each: 5 runs\n/);
    expect(stdout.match(/^│ /gm)).toHaveLength(6);
    const again = await reliability("--pipeline", "direct", "--runs", "5", "--seed", "7");
    expect(again.stdout).toBe(stdout);
  });

  it.each([
    [["--pipeline", "nowhere"], /nowhere/],
    [["--pipeline", "as-written"], /no scenario breaks a single thing of it; choose direct or kafka/],
    [["--pipeline", "direct", "--runs", "0"], /--runs/],
    [["--pipeline", "direct", "--budget", "soon"], /expected a duration/],
    [["--pipeline", "direct", "--layout", "wide"], /has no layout "wide"/],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await reliability(...args);
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
