import { rmdirSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesInMemory } from "../../../test/support/files-in-memory.ts";
import { damageOf } from "../../judge/damage.ts";
import { LineCodec } from "../../load/line.ts";
import { FileSink } from "./file-sink.ts";

const seed = "0ab1c2d3";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const codec = new LineCodec(seed, clock);
const lines = Array.from({ length: 40 }, (_, index) => codec.encode("app-1", index + 1));
const text = (some: string[]) => some.map((line) => `${line}\n`).join("");
const otlp = (some: string[]) =>
  `${JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: some.map((line) => ({ body: { stringValue: line } })) }] }] })}\n`;

let files: Awaited<ReturnType<typeof filesInMemory>>;
beforeEach(async () => {
  files = await filesInMemory("/out/logs*");
});
afterEach(() => files.remove());

/** @param atSeconds when it was last written to */
function write(name: string, content: string | Buffer, atSeconds = 1_000): void {
  writeFileSync(files.file(name), content);
  utimesSync(files.file(name), atSeconds, atSeconds);
}

async function read() {
  const sink = new FileSink({ stack: files.stack, seed, signal: new AbortController().signal });
  const read: string[] = [];
  const extent = await sink.read({ seed, clock }, ({ line }) => read.push(line));
  return { read, extent, sink };
}

describe("files that are read as a sink", () => {
  it("are read in any form, each in its own, those first that were written to first", async () => {
    write("logs.json", otlp(lines.slice(30)), 4_000);
    write("logs-2.json.gz", gzipSync(otlp(lines.slice(20, 30))), 3_000);
    write("logs-1", text(lines.slice(10, 20)), 2_000);
    write(
      "logs-9.json",
      lines
        .slice(0, 10)
        .map((log) => `${JSON.stringify({ log })}\n`)
        .join(""),
      1_000,
    );
    write("other.json", otlp(lines));
    const { read: all, extent } = await read();
    expect(all).toEqual(lines);
    expect(extent).toMatchObject({ entries: 40, counted: 40, streams: 4, foreign: [] });
  });

  it("hold no lines where there are none yet, and are unknown where their folder is missing", async () => {
    expect(await read()).toMatchObject({ read: [], extent: { entries: 0, streams: 0 } });
    rmdirSync(files.file(""));
    await expect(read()).rejects.toMatchObject({
      problem: { code: "no-folder", instance: "store", folder: "/out" },
    });
  });

  it("are named and left out where no line of the run is in them", async () => {
    write("logs-a", text(lines));
    write("logs-b", text(["somebody else's"]));
    write("logs-c", "");
    expect((await read()).extent).toMatchObject({ streams: 1, foreign: ["/out/logs-b"] });
  });

  it("have a last line without its newline as what is there of it", async () => {
    write("logs", text(lines) + codec.encode("app-1", 41).slice(0, 60));
    const { read: all } = await read();
    expect(all.slice(0, 40)).toEqual(lines);
    expect(damageOf(all[40]!, codec)).toMatchObject({ kind: "truncated" });
  });

  it("are unknown where their reader leaves a line out, which its bytes have", async () => {
    // Of two fields of one name, a reader of JSON has the last.
    const [one, two] = lines.map((line) => `"body":{"stringValue":${JSON.stringify(line)}}`);
    const record = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${one},${two}}]}]}]}\n`;
    write("logs", otlp(lines) + record);
    const marks = { beginnings: 42, ends: 42, readBeginnings: 41, readEnds: 41, oversized: 0 };
    await expect(read()).rejects.toMatchObject({
      problem: {
        code: "lines-left-out",
        file: "/out/logs",
        form: expect.stringContaining("OTLP JSON"),
        ...marks,
      },
    });
    write("logs", `${text(lines)}${lines.join("").repeat(200)}\n`);
    await expect(read()).rejects.toMatchObject({
      problem: { code: "lines-left-out", form: "raw lines", oversized: 1 },
    });
  });

  it("are unknown where they are in no form that is read, with what to do about it", async () => {
    write("logs.zst", Buffer.from("28b52ffd6466", "hex"));
    const refusal = /found zstd in \/out\/logs.zst; .*zstdcat/;
    await expect(read()).rejects.toMatchObject({
      problem: { code: "no-export", message: expect.stringMatching(refusal) },
    });
    unlinkSync(files.file("logs.zst"));
    write("logs.gz", gzipSync(text(lines)).subarray(0, 200));
    await expect(read()).rejects.toMatchObject({
      problem: { code: "no-export", message: expect.stringContaining("reading /out/logs.gz failed") },
    });
  });

  it("count lines that are equal to others in what was read last", async () => {
    write("logs-1", text(lines));
    write("logs-2", otlp(lines.slice(0, 3)));
    const { sink } = await read();
    expect(await sink.countAnyOf({ texts: [lines[0]!, lines[7]!, lines[0]!.slice(1)], are: "whole" })).toBe(
      3,
    );
  });

  it("are read once each, however many lines are counted in them", async () => {
    write("logs-1", text(lines.slice(0, 20)));
    write("logs-2", text(lines.slice(20)));
    const { sink } = await read();
    const { store } = files;
    const streamed: string[] = [];
    const streamFiles = store.streamFiles.bind(store);
    store.streamFiles = (path, ...rest) => {
      streamed.push(path);
      return streamFiles(path, ...rest);
    };
    const texts = Array.from({ length: 500 }, (_, index) => codec.encode("app-1", index + 1));
    expect(await sink.countAnyOf({ texts, are: "whole" })).toBe(40);
    expect(streamed).toHaveLength(2);
    expect(await sink.countAnyOf({ texts: [lines[3]!.slice(5, -5), "nothing"], are: "parts" })).toBe(1);
  });

  it("end the reading of a run that is aborted", async () => {
    write("logs", text(lines));
    const signal = AbortSignal.abort(new Error("enough"));
    const sink = new FileSink({ stack: files.stack, seed, signal });
    await expect(sink.read({ seed, clock }, () => {})).rejects.toThrow("enough");
  });
});
