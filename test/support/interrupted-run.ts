import type { ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { leftoversOf } from "./leftovers.ts";
import { StartedRun } from "./started-run.ts";

/** Starts a run, sends it what Ctrl-C sends as soon as it is in a phase, and expects that it removes everything and ends with 130. */
export async function expectCleanInterruption(
  phase: string,
  out: string,
  children: ChildProcess[],
): Promise<void> {
  const run = await StartedRun.start(out, children, "--lines", "200");
  await run.reaches(phase);
  const exitCode = await run.end("SIGINT");
  expect(run.stderr).toContain("interrupted by SIGINT");
  expect(exitCode).toBe(130);
  expect(await leftoversOf(run.runId)).toEqual([]);
  const files = await readdir(join(out, run.runId));
  expect(files).not.toContain("run.json");
  expect(files).not.toContain("logs");
}
