import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import { measurement } from "../../test/support/measurement.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { appendHistory, readHistory } from "./history.ts";
import type { NightEnd } from "./history-entry.ts";

let dir: TempDir;
let path: string;
beforeEach(async () => {
  dir = await tempDir("everyline-history-");
  path = join(dir.path, "history.ndjson");
});
afterEach(() => dir[Symbol.asyncDispose]());

const end: NightEnd = {
  schema: "everyline/night-end@1",
  night: "20260101t000000-nightly-1a2b",
  at: "2026-01-01T01:00:00.000Z",
  isGreen: true,
};

describe("a history", () => {
  it("is empty where there is none", async () => {
    expect(await readHistory(path)).toEqual({ runs: [], nights: [], measurements: [] });
  });

  it("gives back what was added, each kind for itself, oldest first", async () => {
    const runs = [
      historyEntry({ claim: "p/a", reason: "ä\n|" }),
      historyEntry({ claim: "p/b", counts: null }),
    ];
    await appendHistory(path, runs[0]!);
    await appendHistory(path, end);
    await appendHistory(path, measurement({}));
    await appendHistory(path, runs[1]!);
    expect(await readHistory(path)).toEqual({ runs, nights: [end], measurements: [measurement({})] });
  });

  it("skips a line that was cut, and goes on after it", async () => {
    await appendHistory(path, historyEntry({ claim: "p/a", reason: "ä" }));
    await appendFile(path, '{"schema":"everyline/hist');
    expect((await readHistory(path)).runs).toHaveLength(1);
    await appendHistory(path, end);
    expect((await readHistory(path)).nights).toEqual([end]);
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(3);
  });

  it.each(["{}\n", "no JSON\n", '{"schema":"everyline/history@2"}\n'])(
    "names the line that is no entry: %j",
    async (line) => {
      await writeFile(path, `${JSON.stringify(historyEntry({}))}\n${line}`);
      await expect(readHistory(path)).rejects.toThrow(
        /line 2 of .*history\.ndjson is not a line of a history/,
      );
    },
  );
});
