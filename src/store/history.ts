import { appendFile, readFile, truncate } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import {
  type HistoryEntry,
  historyEntrySchema,
  type NightEnd,
  nightEndSchema,
} from "../report/history-entry.ts";

/** The file of a reports folder that remembers every night, a line a run and one a night that came to its end. */
export const historyFile = "history.ndjson";

/** What a history remembers, oldest first. */
export interface History {
  runs: HistoryEntry[];
  nights: NightEnd[];
}

const lineSchema = z.discriminatedUnion("schema", [historyEntrySchema, nightEndSchema]);

/** Adds a line to a history. What a kill or a full disk has left of the line before is dropped: it never was one. */
export async function appendHistory(path: string, line: HistoryEntry | NightEnd): Promise<void> {
  const before = await textOf(path);
  const whole = before.slice(0, before.lastIndexOf("\n") + 1);
  if (whole.length < before.length) await truncate(path, Buffer.byteLength(whole));
  await appendFile(path, `${JSON.stringify(line)}\n`);
}

/**
 * Reads a history; an empty one if there is no such file. A last line without an end is passed over.
 *
 * @throws UsageError naming the line, if one is none
 */
export async function readHistory(path: string): Promise<History> {
  const lines = (await textOf(path)).split("\n").slice(0, -1);
  const parsed = lines.flatMap((line, index) => (line === "" ? [] : [parseLine(path, line, index + 1)]));
  return {
    runs: parsed.flatMap((line) => (line.schema === "everyline/history@1" ? [line] : [])),
    nights: parsed.flatMap((line) => (line.schema === "everyline/night-end@1" ? [line] : [])),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw thrown;
  }
}

function parseLine(path: string, line: string, lineNumber: number): HistoryEntry | NightEnd {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : "it is no JSON";
    throw new UsageError(
      `line ${lineNumber} of ${path} is no line of a history (everyline/history@1 or everyline/night-end@1): ${why}\n` +
        "Remove the line, or move the file away: the next night begins a new one.",
    );
  }
}
