import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { runDocumentSchema } from "../src/judge/run-document.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { root, run } from "./support/command.ts";
import { expectCleanInterruption } from "./support/interrupted-run.ts";
import { leftoversOf } from "./support/leftovers.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { StartedRun } from "./support/started-run.ts";

const children: ChildProcess[] = [];
const out = await useReportsFolder(afterAll);

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

it("removes everything and ends with 130 at Ctrl-C during the load", () =>
  expectCleanInterruption("load", out, children));

it("leaves what clean removes when it is killed, while a live run beside it is spared and comes to its verdict", async () => {
  const killed = await StartedRun.start(out, children);
  await killed.reaches("load");
  await killed.end("SIGKILL");
  expect(await leftoversOf(killed.runId)).not.toEqual([]);

  const live = await StartedRun.start(out, children, "--lines", "500");
  await live.reaches("load");
  const cleaned = await run(join(root, "bin/everyline"), ["clean"]);
  expect(cleaned.stdout).toContain(`${killed.runId}: removed 2 containers, 1 networks, 2 volumes`);
  expect(cleaned.stdout).toContain(`${live.runId}: still running, left alone`);
  expect(await leftoversOf(killed.runId)).toEqual([]);
  expect(await readdir(join(out, killed.runId))).not.toContain("logs");

  expect(await live.exitCode()).toBe(0);
  const document = runDocumentSchema.parse(
    JSON.parse(await readFile(join(out, live.runId, "run.json"), "utf8")),
  );
  expect(document.verdict).toBe("holds");
  expectAllDelivered(document.counts, 500);
});
