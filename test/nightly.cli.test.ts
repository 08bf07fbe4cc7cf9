import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const out = await mkdtemp(join(tmpdir(), "everyline-test-"));
afterAll(() => rm(out, { recursive: true, force: true }));

describe("a night", () => {
  it.each([
    [["--pipeline", "nowhere"], /there is no claim for all on a pipeline "nowhere"/],
    [["--budget", "soon"], /expected a duration like/],
    [["no-such"], /there is no scenario "no-such"/],
    [["--config", "x.yaml", "--pipeline", "direct"], /omit one of them/],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await run("bin/everyline", ["nightly", "--out", out, ...args]);
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
