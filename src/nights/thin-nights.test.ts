import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import { tempDir } from "../base/temp-dir.ts";
import type { NightDocument } from "./night-document.ts";
import { saveNight } from "./night-folder.ts";
import { thinNights } from "./thin-nights.ts";

const files = [
  "metrics",
  "observed-after-flush.jsonl",
  "observed-before-flush.jsonl",
  "report.html",
  "run.json",
];

async function storeNight(reports: string, day: number): Promise<void> {
  const entry = historyEntry({ runId: `2026010${day}t000000-sink-restart-1a2b` });
  const night: NightDocument = {
    schema: "everyline/night@1",
    nightId: `2026010${day}t000000-nightly-1a2b`,
    startedAt: `2026-01-0${day}T00:00:00.000Z`,
    finishedAt: null,
    options: {
      scenarios: ["all"],
      pipelines: [],
      layout: null,
      repeat: 1,
      budgetSeconds: null,
      alerts: false,
      atOnce: 1,
      config: null,
    },
    elapsedSeconds: 1,
    rows: [],
    queue: [],
    done: [
      { claim: entry.claim, repeat: 0, entry },
      { claim: entry.claim, repeat: 1, entry: { ...entry, runId: "never-had-a-folder" } },
    ],
    notPossible: [],
    leftOut: [],
  };
  await saveNight(reports, night);
  await storeRun(join(reports, entry.runId));
}

async function storeRun(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of files.filter((name) => name !== "metrics")) await writeFile(join(folder, name), "");
  await mkdir(join(folder, "metrics"));
  await writeFile(join(folder, "metrics/chunks"), "");
}

it("keeps the reports of old nights without their lines and metrics, and all of the last nights and of runs that belong to none", async () => {
  await using dir = await tempDir("everyline-thin-");
  for (const day of [1, 2, 3]) await storeNight(dir.path, day);
  await storeRun(join(dir.path, "20260101t120000-sink-crash-1a2b"));
  await thinNights(dir.path, 2);
  const left = async (run: string) => (await readdir(join(dir.path, run))).sort();
  expect(await left("20260101t000000-sink-restart-1a2b")).toEqual(["report.html", "run.json"]);
  expect(await left("20260102t000000-sink-restart-1a2b")).toEqual(files);
  expect(await left("20260103t000000-sink-restart-1a2b")).toEqual(files);
  expect(await left("20260101t120000-sink-crash-1a2b")).toEqual(files);
});
