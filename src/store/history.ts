import { appendFile, readFile, truncate } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { type HistoryEntry, historyEntrySchema, type NightEnd, nightEndSchema } from "./history-entry.ts";
import { type Measurement, measurementSchema } from "./measurement.ts";

/**
 * The file of a reports folder that records every night: one line for each run, and one for each night that was finished. Commands that
 * measure a capacity add a line with `--history`.
 */
export const historyFile = "history.ndjson";

/** The entries of a history, oldest first. */
export interface History {
  runs: HistoryEntry[];
  nights: NightEnd[];
  measurements: Measurement[];
}

const lineSchema = z.discriminatedUnion("schema", [historyEntrySchema, nightEndSchema, measurementSchema]);

type HistoryLine = z.infer<typeof lineSchema>;

/** Adds a line to a history. An incomplete last line, left by a kill or a full disk, is dropped. */
export async function appendHistory(path: string, line: HistoryLine): Promise<void> {
  const before = await textOf(path);
  const whole = before.slice(0, before.lastIndexOf("\n") + 1);
  if (whole.length < before.length) await truncate(path, Buffer.byteLength(whole));
  await appendFile(path, `${JSON.stringify(line)}\n`);
}

/**
 * Reads a history; an empty one if there is no such file. An incomplete last line is skipped.
 *
 * @throws UsageError naming the line, if one is not valid
 */
export async function readHistory(path: string): Promise<History> {
  const lines = (await textOf(path)).split("\n").slice(0, -1);
  const parsed = lines.flatMap((line, index) => (line === "" ? [] : [parseLine(path, line, index + 1)]));
  return {
    runs: parsed.flatMap((line) => (line.schema === "everyline/history@1" ? [line] : [])),
    nights: parsed.flatMap((line) => (line.schema === "everyline/night-end@1" ? [line] : [])),
    measurements: parsed.flatMap((line) => (line.schema === "everyline/measurement@1" ? [line] : [])),
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

function parseLine(path: string, line: string, lineNumber: number): HistoryLine {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : "it is not JSON";
    throw new UsageError(
      `line ${lineNumber} of ${path} is not a line of a history (everyline/history@1, everyline/night-end@1 or everyline/measurement@1): ${why}\n` +
        "Remove the line, or move the file away: the next night begins a new one.",
    );
  }
}
