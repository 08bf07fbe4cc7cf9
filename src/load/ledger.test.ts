import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../base/errors.ts";
import {
  entriesOf,
  type Ledger,
  ledgerSchema,
  maxTorn,
  readLedger,
  type SourceLedger,
  sequencesWrittenBetween,
  writtenAtMs,
} from "./ledger.ts";

const source: SourceLedger = {
  source: "app-1",
  written: 40,
  marks: [
    [0, 1_000],
    [10, 2_000],
    [20, 3_000],
    [40, 4_000],
  ],
};
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed-1",
  clock: { epochMs: 0, linesPerSecond: 10 },
  sources: [source],
};

describe("writtenAtMs", () => {
  it("gives the time by which a write had certainly returned", () => {
    expect([1, 10, 11, 20, 21, 40].map((sequence) => writtenAtMs(source, sequence))).toEqual([
      2_000, 2_000, 3_000, 3_000, 4_000, 4_000,
    ]);
  });

  it("knows nothing of lines that were not written or that no mark covers", () => {
    expect(writtenAtMs(source, 0)).toBeUndefined();
    expect(writtenAtMs(source, 41)).toBeUndefined();
    expect(writtenAtMs({ ...source, marks: [[10, 2_000]] }, 11)).toBeUndefined();
    expect(writtenAtMs({ ...source, marks: [] }, 1)).toBeUndefined();
  });
});

describe("sequencesWrittenBetween", () => {
  const between = (fromMs: number, toMs: number) => sequencesWrittenBetween(source, fromMs, toMs);

  it("gives the lines whose write certainly returned in that time", () => {
    expect(between(0, 9_000)).toEqual({ from: 1, to: 40 });
    expect(between(1_000, 3_000)).toEqual({ from: 1, to: 20 });
    expect(between(2_000, 4_000)).toEqual({ from: 11, to: 40 });
  });

  it("leaves out lines of which only one neighbouring mark lies inside", () => {
    expect(between(1_500, 3_500)).toEqual({ from: 11, to: 20 });
  });

  it("finds nothing between two marks, before the first, after the last and in a time that runs backwards", () => {
    expect(between(2_100, 2_900)).toBeUndefined();
    expect(between(2_500, 3_500)).toBeUndefined();
    expect(between(0, 999)).toBeUndefined();
    expect(between(4_001, 9_000)).toBeUndefined();
    expect(between(3_000, 2_000)).toBeUndefined();
    expect(sequencesWrittenBetween({ ...source, marks: [] }, 0, 9_000)).toBeUndefined();
  });
});

describe("ledgerSchema", () => {
  it("takes partial lines, of the line after the last at the most, and counts what stands in the files", () => {
    const torn = [
      { sequence: 0, bytes: 9 },
      { sequence: 41, bytes: 9 },
    ];
    const withTorn = { ...ledger, sources: [{ ...source, torn }] };
    expect(ledgerSchema.parse(withTorn)).toEqual(withTorn);
    expect([entriesOf(ledger), entriesOf(withTorn)]).toEqual([41, 43]);
  });

  it("takes a ledger", () => {
    expect(ledgerSchema.parse(ledger)).toEqual(ledger);
  });

  it("keeps the backlog of a clock through JSON", () => {
    const backlog = { lines: 12_600, spanMs: 601_200_000, sentinelAgeMs: 600_600_000.5 };
    const withBacklog = { ...ledger, clock: { ...ledger.clock, backlog } };
    expect(ledgerSchema.parse(JSON.parse(JSON.stringify(withBacklog)))).toEqual(withBacklog);
    for (const bad of [{ lines: 0 }, { lines: 1.5 }, { spanMs: 0 }, { sentinelAgeMs: -1 }]) {
      const clock = { ...ledger.clock, backlog: { ...backlog, ...bad } };
      expect(ledgerSchema.safeParse({ ...ledger, clock }).success).toBe(false);
    }
  });

  const broken: [string, unknown][] = [
    ["another schema", { ...ledger, schema: "everyline/ledger@2" }],
    ["a seed with a blank", { ...ledger, seed: "a b" }],
    ["a rate of nothing", { ...ledger, clock: { epochMs: 0, linesPerSecond: 0 } }],
    ["a source twice", { ...ledger, sources: [source, source] }],
    ["a mark beyond what was written", { ...ledger, sources: [{ ...source, written: 39 }] }],
    ["marks that descend", { ...ledger, sources: [{ ...source, marks: source.marks.toReversed() }] }],
    [
      "a partial line that comes later",
      { ...ledger, sources: [{ ...source, torn: [{ sequence: 42, bytes: 1 }] }] },
    ],
    ["a partial line of nothing", { ...ledger, sources: [{ ...source, torn: [{ sequence: 1, bytes: 0 }] }] }],
    [
      "more partial lines than a ledger keeps",
      { ...ledger, sources: [{ ...source, torn: Array(maxTorn + 1).fill({ sequence: 1, bytes: 1 }) }] },
    ],
    ["half a line", { ...ledger, sources: [{ ...source, written: 40.5 }] }],
  ];
  it.each(broken)("refuses %s", (_, value) => {
    expect(ledgerSchema.safeParse(value).success).toBe(false);
  });
});

describe("readLedger", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "everyline-ledger-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function fileWith(name: string, text: string): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, text);
    return path;
  }

  it("reads what was written", async () => {
    expect(await readLedger(await fileWith("ledger.json", JSON.stringify(ledger)))).toEqual(ledger);
  });

  it("says what it expected, what it found and what to do", async () => {
    const failures = [
      readLedger(join(dir, "absent.json")),
      fileWith("no-json", "{").then(readLedger),
      fileWith("no-ledger", '{"schema":"other"}').then(readLedger),
    ];
    const [absent, noJson, noLedger] = (await Promise.allSettled(failures)).map((result) =>
      result.status === "rejected" ? result.reason : undefined,
    );
    for (const error of [absent, noJson, noLedger]) expect(error).toBeInstanceOf(UsageError);
    expect(absent.message).toMatch(/ENOENT.*Pass the ledger\.json/);
    expect(noJson.message).toContain("not JSON");
    expect(noLedger.message).toContain("everyline/ledger@1");
  });
});
