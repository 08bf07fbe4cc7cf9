import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const soak = (...args: string[]) => run("bin/everyline", ["soak", ...args, "--dry-run"]);

describe("everyline soak", () => {
  it("tells what it would do", async () => {
    const { exitCode, stdout } = await soak("--pipeline", "direct", "--hours", "0.5", "--rate", "500");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `direct (single)
claim: Over a long time no line is lost or stored twice, and nothing grows that lines do not explain.
500 lines/s for 30 min: 900,000 lines; nothing is broken
looks for a trend of memory, open descriptors and disk space of each instance, of lag and of latency, after the first 6 min
`,
    );
  });

  it.each([
    [
      ["--pipeline", "direct", "--hours", "24", "--rate", "500"],
      /got 43200000; 24 hours allow at most 231 lines/,
    ],
    [["--pipeline", "direct", "--hours", "0"], /expected hours above 0 and up to 168 for --hours, got "0"/],
    [["--pipeline", "direct", "--hours", "soon"], /got "soon"; write them like --hours 8/],
    [["--pipeline", "direct"], /required option '--hours <n>'/],
    [["--pipeline", "nowhere", "--hours", "1"], /nowhere/],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await soak(...args);
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
