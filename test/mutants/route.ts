import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ExportObservation } from "../../src/judge/export-observation.ts";
import { LineMatchers } from "../../src/load/matcher/line-matchers.ts";
import type { LineRuns } from "../../src/load/matcher/line-runs.ts";
import { readExport } from "../../src/sinks/file/observed-lines.ts";
import { type Finding, verified } from "./checker.ts";
import type { Entry } from "./history.ts";
import type { Mutant } from "./mutant.ts";

/** A format in which lines are exported and read again by `everyline verify`. */
export interface Route {
  name: string;
  /** The content of each file, in the order of reading. */
  files(entries: readonly Entry[]): Buffer[];
}

const newline = Buffer.from("\n");

const rawLines = (entries: readonly Entry[]) =>
  Buffer.concat(entries.flatMap(({ bytes }) => [bytes, newline]));

function envelopes(name: string, envelope: (entry: Entry, text: string) => unknown): Route {
  const line = (entry: Entry) => `${JSON.stringify(envelope(entry, entry.bytes.toString("utf8")))}\n`;
  return { name, files: (entries) => [Buffer.from(entries.map(line).join(""))] };
}

/** Each text after a prefix, byte for byte. */
function prefixed(name: string, prefix: string): Route {
  const line = ({ bytes }: Entry) => [Buffer.from(prefix), bytes, newline];
  return { name, files: (entries) => [Buffer.concat(entries.flatMap(line))] };
}

/** One JSON value for all entries. */
function document(name: string, value: (texts: [timestampNs: string, line: string][]) => unknown): Route {
  const texts = (entries: readonly Entry[]) =>
    entries.map(({ timestampNs, bytes }): [string, string] => [`${timestampNs}`, bytes.toString("utf8")]);
  return { name, files: (entries) => [Buffer.from(JSON.stringify(value(texts(entries))))] };
}

export const routes: Route[] = [
  { name: "a file of raw lines, as logcli writes them", files: (entries) => [rawLines(entries)] },
  {
    name: "a file of raw lines a stream, the last newline missing",
    files: (entries) =>
      [...Map.groupBy(entries, ({ stream }) => stream).values()].map((stream) => {
        const bytes = rawLines(stream);
        // An empty line at the end consists only of its newline.
        return stream.at(-1)!.bytes.length > 0 ? bytes.subarray(0, -1) : bytes;
      }),
  },
  envelopes("JSON lines of Loki, as a run stores them", ({ stream, timestampNs }, line) => ({
    stream: { source: stream },
    timestamp: `${timestampNs}`,
    line,
  })),
  envelopes("JSON lines of Docker", ({ timestampNs }, text) => ({
    log: `${text}\n`,
    stream: "stdout",
    time: `${timestampNs}`,
  })),
  envelopes("JSON lines with a field of any name", (_, text) => ({ outer: { said: text }, level: "info" })),
  document("Loki's query_range answer", (values) => ({
    status: "success",
    data: { resultType: "streams", result: [{ stream: { job: "app" }, values }] },
  })),
  document("OTLP JSON of the Collector", (texts) => ({
    resourceLogs: [
      { scopeLogs: [{ logRecords: texts.map(([, text]) => ({ body: { stringValue: text } })) }] },
    ],
  })),
  {
    name: "CSV of Grafana Explore",
    files: (entries) => {
      const row = ({ bytes }: Entry) => `1,"${bytes.toString("utf8").replaceAll('"', '""')}"\n`;
      return [Buffer.from(`Time,Line\n${entries.map(row).join("")}`)];
    },
  },
  prefixed("docker compose logs", "app-1  | "),
  prefixed("a container runtime's file", "2026-01-01T00:00:00.1Z stdout F "),
  {
    name: "gzip of raw lines",
    files: (entries) => [gzipSync(rawLines(entries))],
  },
];

/** So few that many lines stand on the border of two blocks. */
const readBytes = 2_048;

/** Writes a mutant to files of one form, and has them read and checked as `everyline verify` does. */
export async function foundBy(route: Route, { ledger, entries }: Mutant, folder: string): Promise<Finding> {
  const observed = new ExportObservation(ledger);
  const { matchable } = observed;
  const runs = matchable && {
    matchers: new LineMatchers(matchable, readBytes),
    onRuns: (found: LineRuns) => observed.addRuns(found),
  };
  let lines = 0;
  for (const [index, bytes] of route.files(entries).entries()) {
    const path = join(folder, `observed-${index}`);
    await writeFile(path, bytes);
    lines += (
      await readExport(
        path,
        observed.codec,
        (text) => void observed.add(text),
        () => runs,
      )
    ).lines;
  }
  if (lines !== entries.length) throw new Error(`${lines} lines were read, ${entries.length} were written`);
  return verified(ledger, observed.best);
}
