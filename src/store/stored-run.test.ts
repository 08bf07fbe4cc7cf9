import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { judgeStoredRun } from "./stored-run.ts";

const sample = join(import.meta.dirname, "../../fixtures/recordings/run-1/run.json");
const ledger = {
  schema: "everyline/ledger@1",
  seed: "s",
  clock: { epochMs: 0, linesPerSecond: 1 },
  sources: [{ source: "app-1", written: 0, marks: [] }],
};
const doubt = "The store did not answer.";
const started = { at: "", event: "run-started" };
const judged = { at: "", event: "judged", verdict: "unknown", doubts: [doubt] };

let dir: TempDir;

beforeEach(async () => {
  dir = await tempDir("everyline-test-");
  await copyFile(sample, join(dir.path, "run.json"));
  await writeFile(join(dir.path, "ledger.json"), JSON.stringify(ledger));
});
afterEach(() => dir[Symbol.asyncDispose]());

async function judgeWith(...journal: object[]) {
  const lines = journal.map((event) => `${JSON.stringify(event)}\n`);
  await writeFile(join(dir.path, "journal.ndjson"), lines.join(""));
  return judgeStoredRun(dir.path);
}

describe("a run that an earlier version stored", () => {
  it("keeps the doubts that its journal tells of", async () => {
    const { document } = await judgeWith(started, judged);
    expect(document.verdict).toBe("unknown");
    expect(document.reasons).toContainEqual({ code: "told", text: doubt });
  });

  it("is refused where the journal has no verdict: its doubts are not known then", async () => {
    await expect(judgeWith(started)).rejects.toThrow(
      /expected the journal of a finished run in .*, but it has no verdict/,
    );
  });
});
