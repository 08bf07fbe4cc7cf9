import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { renderJson } from "../report/json.ts";
import { judgeStoredRun } from "./stored-run.ts";

const recordings = join(import.meta.dirname, "../../fixtures/recordings");

/** Real runs: one with lines that arrived late, one that lost lines, one with Kafka, one that lost a site. */
const names = ["late", "broken", "kafka", "sites"];

let dir: TempDir;

beforeEach(async () => {
  dir = await tempDir("everyline-test-");
});
afterEach(() => dir[Symbol.asyncDispose]());

/** A copy of a recording that a test may damage. */
async function copyOf(name: string): Promise<string> {
  const folder = join(dir.path, name);
  await cp(join(recordings, name), folder, { recursive: true });
  return folder;
}

describe("a stored run that is judged again", () => {
  it.each(names)("gives the same document byte for byte: %s", async (name) => {
    const folder = join(recordings, name);
    const { document } = await judgeStoredRun(folder);
    expect(renderJson([document])).toBe(await readFile(join(folder, "run.json"), "utf8"));
  });

  it("needs its plan and its recording alone, whatever is stored as its document", async () => {
    const folder = await copyOf("broken");
    const text = await readFile(join(folder, "run.json"), "utf8");
    await writeFile(join(folder, "run.json"), text.replaceAll('"broken"', '"holds"'));
    const { stored, document } = await judgeStoredRun(folder);
    expect([stored.verdict, document.verdict]).toEqual(["holds", "broken"]);
    expect(renderJson([document])).toBe(text);
  });

  it("is judged by the plan as it is: by another bound to another verdict", async () => {
    const folder = await copyOf("broken");
    const plan = JSON.parse(await readFile(join(folder, "plan.json"), "utf8"));
    plan.claim.bounds.lost = 1_000;
    await writeFile(join(folder, "plan.json"), JSON.stringify(plan));
    expect((await judgeStoredRun(folder)).document.verdict).toBe("holds");
  });

  it("has lines that arrived late, lost ranges with their place, what lay in Kafka, and what a lost site came to", async () => {
    const of = async (name: string) => (await judgeStoredRun(join(recordings, name))).document;
    expect((await of("late")).counts.late).toBeGreaterThan(0);
    expect((await of("broken")).lost[0]).toMatchObject({ hop: "shipper" });
    expect((await of("kafka")).kafka).toMatchObject({ counts: { lost: 0 } });
    expect((await of("sites")).sites!.acknowledged).toBeGreaterThan(0);
  });
});

describe("a damaged recording", () => {
  const files: [string, string][] = [
    ["late", "observed-after-flush.jsonl"],
    ["late", "arrivals.jsonl"],
    ["kafka", "observed-kafka.jsonl"],
    ["kafka", "observed-kafka-dead-letters.jsonl"],
    ["sites", "observed-site-b.jsonl"],
  ];

  it.each(files)("leaves the verdict unknown where a file was shortened: %s, %s", async (name, file) => {
    const folder = await copyOf(name);
    const path = join(folder, file);
    const { length } = await readFile(path);
    await truncate(path, Math.floor(length / 2));
    const { document } = await judgeStoredRun(folder);
    // A file that was empty is not missed.
    if (length === 0) return expect(document.verdict).toBe("holds");
    expect(document.verdict).toBe("unknown");
    expect(document.reasons).toContainEqual(expect.objectContaining({ code: "file-shortened", file }));
  });

  it.each(files)("leaves the verdict unknown where a file is missing: %s, %s", async (name, file) => {
    const folder = await copyOf(name);
    await rm(join(folder, file));
    const { document } = await judgeStoredRun(folder);
    expect(document.verdict).toBe("unknown");
    expect(document.reasons).toContainEqual(expect.objectContaining({ code: "file-unreadable", file }));
  });

  it("leaves the verdict unknown where a line has another form", async () => {
    const folder = await copyOf("late");
    const path = join(folder, "observed-before-flush.jsonl");
    await writeFile(path, (await readFile(path, "utf8")).replace('"line":', '"other":'));
    const { document } = await judgeStoredRun(folder);
    expect(document.reasons).toContainEqual({
      code: "file-unreadable",
      file: "observed-before-flush.jsonl",
      message: "a line of it has another form",
    });
  });

  it.each(["plan.json", "ledger.json", "recording.json"])("cannot be judged without its %s", async (file) => {
    const folder = await copyOf("late");
    await rm(join(folder, file));
    await expect(judgeStoredRun(folder)).rejects.toThrow(file);
    await writeFile(join(folder, file), "{}");
    await expect(judgeStoredRun(folder)).rejects.toThrow(file);
  });
});
