import type { ChildProcess } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDocumentSchema } from "../src/judge/run-document.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { root, run } from "./support/command.ts";
import { expectCleanInterruption } from "./support/interrupted-run.ts";
import { leftoversOf } from "./support/leftovers.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const everyline = join(root, "bin/everyline");
const children: ChildProcess[] = [];
const out = await useReportsFolder(afterAll);

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

describe("Ctrl-C", () => {
  // During the load: interrupted.smoke.test.ts.
  it.each(["up", "prove", "settle", "read"])("during %s removes everything and ends with 130", (phase) =>
    expectCleanInterruption(phase, out, children),
  );
});

it("lets two runs at once come to the same verdict on one machine, each printing one JSON document", async () => {
  // Slowly, so that the load lasts longer than a restart does while both are under way.
  const args = ["run", "sink-restart", "--lines", "300", "--rate", "40", "--json", "--out", out];
  const outcomes = await Promise.all([run(everyline, args), run(everyline, args)]);
  for (const { exitCode, stdout } of outcomes) {
    expect(exitCode).toBe(0);
    const document = runDocumentSchema.strict().parse(JSON.parse(stdout));
    expect(document.verdict).toBe("holds");
    expectAllDelivered(document.counts, 300);
  }
});

describe.runIf(process.getuid?.() === 0)("a full disk", () => {
  const disk = join(tmpdir(), `everyline-disk-${process.pid}`);

  beforeEach(() => mkdir(disk));

  afterEach(async () => {
    await run("umount", [disk]);
    await rm(disk, { recursive: true });
  });

  it.each([
    ["before the run", "100m", ["--lines", "100"], /the disk of .* is full/],
    ["during the load", "230m", ["--lines", "3000000", "--rate", "400000"], /the disk is full/],
  ])("%s ends with 69, says so, and leaves nothing", async (_, size, args, message) => {
    await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);
    const { exitCode, stderr } = await run(everyline, ["run", "sink-restart", "--out", disk, ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(69);
    const folders = await readdir(disk);
    for (const runId of folders) {
      expect(await leftoversOf(runId)).toEqual([]);
      expect(await readdir(join(disk, runId))).not.toContain("run.json");
    }
  });
});
