import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fullTimeline, runWith } from "../../test/support/reported-run.ts";
import { UsageError } from "../base/errors.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { seriesOf } from "../judge/track.ts";
import { reportStoredRun } from "./stored-reports.ts";

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir("everyline-test-");
});
afterEach(() => dir[Symbol.asyncDispose]());

const pageOf = () => readFile(join(dir.path, "report.html"), "utf8");

describe("reportStoredRun", () => {
  it("writes every report of a run that an older version stored, and leaves the run as it is", async () => {
    await cp(join(import.meta.dirname, "../../fixtures/recordings/run-1"), dir.path, { recursive: true });
    const before = await readFile(join(dir.path, "run.json"), "utf8");
    expect(await reportStoredRun(dir.path)).toEqual(
      expect.arrayContaining(["report.md", "report.html", "junit.xml"]),
    );
    expect(await readFile(join(dir.path, "run.json"), "utf8")).toBe(before);
    expect(await readFile(join(dir.path, "report.md"), "utf8")).toContain("# Everyline");
    const page = await pageOf();
    expect(page).toContain("The promise was broken: 887 of 120,000 log lines were lost");
    expect(page).toContain("stored without a timeline");
  });

  it("draws the timeline of a run that an older version stored, with fixed columns in the place of tracks", async () => {
    await writeFile(join(dir.path, "run.json"), JSON.stringify(runWith({})));
    const { schema: _, observers: __, tracks, ...judged } = fullTimeline(() => "app-1", "store");
    const [written, readable] = ["lines.written", "lines.readable"].map((id) => seriesOf(tracks, id)!);
    const samples = written!.at.map((at, index) => ({
      at,
      written: written!.values[index],
      readable: readable!.values[index],
      shipper: { read: written!.values[index], sent: readable!.values[index], dropped: 0 },
    }));
    const stored = { schema: "everyline/timeline@1", samples, ...judged };
    await writeFile(join(dir.path, "timeline.json"), JSON.stringify(stored));
    await reportStoredRun(dir.path);
    const page = await pageOf();
    for (const title of [
      "Lines written and readable",
      "Where lines were on their way",
      "Until a line could be read",
    ])
      expect(page).toContain(`<h3>${title}</h3>`);
    expect(page).not.toContain("What else was observed");
  });

  it("shows what the folder holds: the timeline, the journal, the pipeline's files", async () => {
    await writeFile(join(dir.path, "run.json"), JSON.stringify(runWith({})));
    await writeFile(join(dir.path, "timeline.json"), JSON.stringify(fullTimeline(() => "app-1", "store")));
    await writeFile(
      join(dir.path, "journal.ndjson"),
      '{"at":"2026-01-02T03:04:05.000Z","event":"run-started","seed":"s1"}\n',
    );
    await mkdir(join(dir.path, "pipeline/certs"), { recursive: true });
    await writeFile(
      join(dir.path, "pipeline/certs/store.yaml"),
      `auth_enabled: false\n${"# more\n".repeat(20_000)}`,
    );
    await reportStoredRun(dir.path);
    const page = await pageOf();
    expect(page.match(/<figure/g)).toHaveLength(6);
    expect(page).toContain("seed: s1");
    expect(page).toContain("<code>certs/store.yaml</code>");
    expect(page).toContain("auth_enabled: false");
    expect(page).toMatch(/140 kB, the first \d+ kB are shown/);
  });

  it("says what is wrong with a folder that holds no run, or a timeline that is none", async () => {
    await expect(reportStoredRun(dir.path)).rejects.toThrow(UsageError);
    await writeFile(join(dir.path, "run.json"), JSON.stringify(runWith({})));
    await writeFile(join(dir.path, "timeline.json"), "{}");
    await expect(reportStoredRun(dir.path)).rejects.toThrow(
      /is not a valid timeline of the form everyline\/timeline@2/,
    );
  });
});
