import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { StdoutFollower } from "../stdout-follower.ts";
import { ProgressFile } from "./progress-file.ts";

const clock = { epochMs: 1_790_000_000_000, linesPerSecond: 100 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everyline-progress-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function follow(clockOffsetsMs: Record<string, number>): StdoutFollower {
  return new StdoutFollower({
    folder,
    seed: "run-7",
    clock,
    clockOffsetsMs: new Map(Object.entries(clockOffsetsMs)),
  });
}

it("tells whoever reads how many lines are written, and at the end the ledger", () => {
  const writing = ProgressFile.create(folder, "app-1");
  const reading = ProgressFile.open(folder, "app-1");
  expect(reading.read()).toEqual({ written: 0, hasEnded: false });
  writing.note(5_000_000_000);
  expect(reading.read()).toEqual({ written: 5_000_000_000, hasEnded: false });
  const ledger = { source: "app-1", written: 5_000_000_001, marks: [] };
  writing.end(ledger);
  expect(reading.read()).toEqual({ written: 5_000_000_001, hasEnded: true });
  expect(reading.readLedger()).toEqual(ledger);
  for (const file of [writing, reading]) file.close();
});

it("makes one ledger of what several generators noted, with their times on this machine's clock", () => {
  const [one, other] = ["app-1", "app-2"].map((source) => ProgressFile.create(folder, source));
  const follower = follow({ "app-1": 1_000, "app-2": 0 });
  one!.note(3);
  other!.note(2);
  follower.poll();
  expect(follower).toMatchObject({ written: 5, isComplete: false });
  expect(follower.ledger().sources).toEqual([
    { source: "app-1", written: 3, marks: [] },
    { source: "app-2", written: 2, marks: [] },
  ]);
  one!.end({
    source: "app-1",
    written: 4,
    marks: [
      [0, 5_000],
      [4, 6_000],
    ],
  } as { written: number });
  other!.end({ source: "app-2", written: 2, marks: [] } as { written: number });
  follower.poll();
  expect(follower).toMatchObject({ written: 6, isComplete: true });
  expect(follower.ledger()).toMatchObject({
    seed: "run-7",
    clock,
    sources: [
      {
        source: "app-1",
        written: 4,
        marks: [
          [0, 4_000],
          [4, 5_000],
        ],
      },
      { source: "app-2", written: 2, marks: [] },
    ],
  });
  follower.close();
});

it("does not take anything else for a ledger", () => {
  const file = ProgressFile.create(folder, "app-1");
  const follower = follow({ "app-1": 0 });
  file.end({ source: "app-2", written: 1, marks: [] } as { written: number });
  follower.poll();
  expect(() => follower.ledger()).toThrow("left a file that is not its ledger");
});
