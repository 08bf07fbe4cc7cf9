import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { check } from "../judge/check.ts";
import { Observation } from "../judge/observation.ts";
import { Generator } from "./generator.ts";
import { codecFor } from "./line.ts";
import type { LoadPlan } from "./load-plan.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-generator-"));
});

afterEach(() => rm(folder, { recursive: true }));

function planOf(changes: Partial<LoadPlan> = {}): LoadPlan {
  return { folder, seed: "seed", sources: ["a", "b"], lines: 501, linesPerSecond: 5_000, ...changes };
}

async function linesIn(matching: RegExp): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => matching.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n").slice(0, -1));
}

it("writes each source's share of the lines after a sentinel, and a ledger that agrees with the files", async () => {
  const generator = new Generator(planOf());
  generator.start();
  const ledger = await generator.finished;
  expect(ledger.sources.map(({ written }) => written)).toEqual([251, 250]);
  const observation = new Observation("seed", ledger.clock, ["a", "b"]);
  const kinds = (await linesIn(/\.log$/)).map((line) => observation.add(line).kind);
  expect(kinds.filter((kind) => kind === "sentinel")).toHaveLength(2);
  expect(check(ledger, observation).counts).toMatchObject({
    written: 501,
    delivered: 501,
    duplicated: 0,
    reordered: 0,
  });
});

it("keeps the rate, and marks when lines were written", async () => {
  const generator = new Generator(planOf({ lines: 100, linesPerSecond: 200 }));
  const startedAtMs = Date.now();
  generator.start();
  const { sources } = await generator.finished;
  const tookMs = Date.now() - startedAtMs;
  expect(tookMs).toBeGreaterThan(450);
  const [last] = sources[0]!.marks.slice(-1);
  expect(last![0]).toBe(50);
  expect(last![1] - sources[0]!.marks[0]![1]).toBeGreaterThan(450);
});

it("writes every line once in a template so long that not all lines that are due fit into a write", async () => {
  const template = `${"long ".repeat(800)}{line}`;
  const plan = planOf({ sources: ["a"], lines: 3_000, linesPerSecond: 100_000, line: { template } });
  const generator = new Generator(plan);
  generator.start();
  const ledger = await generator.finished;
  expect(ledger.sources[0]).toMatchObject({ written: 3_000 });
  const codec = codecFor(ledger);
  const expected = Array.from({ length: 3_001 }, (_, sequence) => codec.encodeWritten("a", sequence));
  expect(await linesIn(/\.log$/)).toEqual(expected);
});

it.each(["rename-create", "copytruncate"] as const)(
  "loses none of its lines when it rotates by %s",
  async (method) => {
    const generator = new Generator(planOf({ lines: 400, linesPerSecond: 1_000 }));
    generator.start();
    const rotations = await generator.rotate(method);
    const ledger = await generator.finished;
    expect(rotations.map(({ source }) => source)).toEqual(["a", "b"]);
    expect(rotations[0]!.bytes).toBeGreaterThan(0);
    const observation = new Observation("seed", ledger.clock, ["a", "b"]);
    for (const line of await linesIn(/./)) observation.add(line);
    expect(check(ledger, observation).counts).toMatchObject({ delivered: 400, duplicated: 0, unexpected: 0 });
  },
);

it("writes to a file that was renamed until it creates another", async () => {
  const generator = new Generator(planOf({ lines: 400, linesPerSecond: 1_000 }));
  generator.start();
  await generator.rotate("rename");
  expect(await readdir(folder)).toEqual(
    ["a", "b"].map((source) => expect.stringMatching(`^${source}.log.[0-9]+$`)),
  );
  const rotations = await generator.rotate("create");
  await generator.finished;
  const before = rotations.reduce((sum, { afterSequence }) => sum + afterSequence, 0);
  expect(await linesIn(/\.log\.\d+$/)).toHaveLength(before + 2);
  expect(await linesIn(/\.log$/)).toHaveLength(400 - before);
});

it("goes on beyond its last line until it is told when to end, and no further than it may", async () => {
  const generator = new Generator(planOf({ lines: 100, mostLines: 10_000, linesPerSecond: 1_000 }));
  generator.start();
  while (generator.written < 150) await new Promise(setImmediate);
  expect(generator.hasEnded).toBe(false);
  generator.endAt(2_000);
  generator.endAt(9_000);
  expect((await generator.finished).sources.map(({ written }) => written)).toEqual([1_000, 1_000]);

  const late = new Generator(
    planOf({ sources: ["c", "d"], lines: 100, mostLines: 10_000, linesPerSecond: 1_000 }),
  );
  late.start();
  while (late.written < 150) await new Promise(setImmediate);
  late.endAt(100);
  const { sources } = await late.finished;
  expect(sources.reduce((sum, { written }) => sum + written, 0)).toBeLessThan(5_000);

  const untold = new Generator(planOf({ sources: ["e"], lines: 100, mostLines: 200, linesPerSecond: 1_000 }));
  untold.start();
  expect((await untold.finished).sources[0]!.written).toBe(200);
});

it("stops early with a ledger of what was written", async () => {
  const generator = new Generator(planOf({ lines: 100_000, linesPerSecond: 1_000 }));
  generator.start();
  while (generator.written < 10) await new Promise(setImmediate);
  generator.stop();
  const ledger = await generator.finished;
  const written = ledger.sources.reduce((sum, source) => sum + source.written, 0);
  expect(written).toBeGreaterThanOrEqual(10);
  expect(written).toBe(generator.written);
  expect((await linesIn(/\.log$/)).length).toBe(written + 2);
});

it("says which folder could not be written", async () => {
  const generator = new Generator(planOf({ folder: join(folder, "missing") }));
  await expect(generator.finished).rejects.toThrow(/could not be written to .*missing/);
});

it("refuses what only an application can do, such as to crash", async () => {
  const generator = new Generator(planOf());
  await expect(generator.crash()).rejects.toThrow(/cannot be killed separately/);
  await expect(generator.rotate("own")).rejects.toThrow(/no file of its own accord/);
  generator.stop();
  await generator.finished;
});
