import { open, readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { exists } from "../base/exists.ts";
import { readDocument } from "../base/read-document.ts";
import { timeline1Schema } from "../judge/timeline-1.ts";
import { type Timeline, timelineSchema } from "../judge/timeline-document.ts";
import { readRunDocument } from "../store/run-documents.ts";
import type { ReportedEvent, ReportedFile, ReportedRun } from "./reported-run.ts";
import { writeReports } from "./write-reports.ts";

const maxFiles = 100;
const maxFileBytes = 65_536;

const eventSchema = z.looseObject({ at: z.string(), event: z.string() });

/**
 * (Re)writes every file report of a stored run from what its folder holds.
 *
 * @param folder `reports/RUN_ID`
 * @returns the names of the files
 * @throws UsageError if the folder holds no finished run
 */
export async function reportStoredRun(folder: string): Promise<string[]> {
  return writeReports(folder, await readReportedRun(folder));
}

/** All of a stored run that reports are made of. */
async function readReportedRun(folder: string): Promise<ReportedRun> {
  const document = await readRunDocument(join(folder, "run.json"));
  return {
    document,
    timeline: await readTimeline(join(folder, "timeline.json")),
    journal: await readEvents(join(folder, "journal.ndjson")),
    files: await readFiles(join(folder, "pipeline")),
  };
}

async function readTimeline(path: string): Promise<Timeline | undefined> {
  if (!(await exists(path))) return undefined;
  const anyTimeline = z.union([timelineSchema, timeline1Schema]);
  return readDocument(path, anyTimeline, "timeline of the form everyline/timeline@2, or of an earlier one");
}

async function readEvents(path: string): Promise<ReportedEvent[]> {
  if (!(await exists(path))) return [];
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  try {
    return lines.map((line) => eventSchema.parse(JSON.parse(line)));
  } catch (thrown) {
    throw new UsageError(`expected one event a line in the journal ${path}: ${messageOf(thrown)}`);
  }
}

async function readFiles(folder: string): Promise<ReportedFile[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths
      .sort()
      .slice(0, maxFiles)
      .map(async (path) => ({
        name: relative(folder, path),
        text: await beginningOf(path),
        bytes: (await stat(path)).size,
      })),
  );
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxFileBytes), 0, maxFileBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
