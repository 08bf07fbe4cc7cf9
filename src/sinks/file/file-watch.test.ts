import { appendFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesInMemory } from "../../../test/support/files-in-memory.ts";
import { LineCodec } from "../../load/line.ts";
import type { SinkWatch } from "../sink.ts";
import { FileSink } from "./file-sink.ts";

const seed = "0ab1c2d3";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const codec = new LineCodec(seed, clock);
const line = (sequence: number) => codec.encode("app-1", sequence);
const text = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${line(from + index)}\n`).join("");
const otlp = (...sequences: number[]) =>
  `${JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: sequences.map((sequence) => ({ body: { stringValue: line(sequence) } })) }] }] })}\n`;

let files: Awaited<ReturnType<typeof filesInMemory>>;
/** Each line as often as it was seen. */
let seen: number[];
let watch: SinkWatch;

async function follow(path: string): Promise<void> {
  files = await filesInMemory(path);
  seen = [];
  const sink = new FileSink({ stack: files.stack, seed, signal: new AbortController().signal });
  const arrivals = { add: (_: string, sequence: number) => seen.push(sequence) > 0 };
  const { signal } = new AbortController();
  watch = sink.follow({ clock, arrivals, sources: 1, signal: () => signal });
}

async function look(): Promise<number[]> {
  seen = [];
  await watch.look();
  return seen;
}

afterEach(() => files.remove());

describe("a file that is followed", () => {
  beforeEach(() => follow("/out/logs"));

  it("is read as it grows, each line once, and only when it is whole", async () => {
    expect(await look()).toEqual([]);
    writeFileSync(files.file("logs"), text(0, 3));
    expect(await look()).toEqual([1, 2, 3]);
    expect([...watch.sentinels]).toEqual(["app-1"]);
    appendFileSync(files.file("logs"), text(4, 5) + line(6).slice(0, 50));
    expect(await look()).toEqual([4, 5]);
    expect(await look()).toEqual([]);
    appendFileSync(files.file("logs"), `${line(6).slice(50)}\n`);
    expect(await look()).toEqual([6]);
    expect(watch.altered).toBeUndefined();
  });

  it("is read as documents are appended", async () => {
    writeFileSync(files.file("logs"), otlp(1, 2));
    expect(await look()).toEqual([1, 2]);
    const next = otlp(3, 4);
    appendFileSync(files.file("logs"), next.slice(0, 100));
    expect(await look()).toEqual([]);
    appendFileSync(files.file("logs"), next.slice(100) + otlp(5));
    expect(await look()).toEqual([3, 4, 5]);
  });

  it("is read anew where it became shorter or is another one by the same name", async () => {
    writeFileSync(files.file("logs"), text(1, 5));
    expect(await look()).toEqual([1, 2, 3, 4, 5]);
    truncateSync(files.file("logs"), 0);
    appendFileSync(files.file("logs"), text(6, 7));
    expect(await look()).toEqual([6, 7]);
    writeFileSync(files.file("logs"), text(8, 20));
    expect(await look()).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it("is read whole each time where it is packed", async () => {
    writeFileSync(files.file("logs"), gzipSync(text(1, 2)));
    expect(await look()).toEqual([1, 2]);
    appendFileSync(files.file("logs"), gzipSync(text(3, 3)));
    expect(await look()).toEqual([1, 2, 3]);
  });

  it("is read from its beginning where its form is told there alone", async () => {
    const frame = (some: string) => `[{"line":${JSON.stringify(line(1))}},\n${some}`;
    writeFileSync(files.file("logs"), frame(`{"line":${JSON.stringify(line(2))}}`));
    await expect(watch.look()).rejects.toMatchObject({ problem: { code: "no-export" } });
    writeFileSync(files.file("logs"), frame(`{"line":${JSON.stringify(line(2))}}]\n`));
    expect(await look()).toEqual([1, 2]);
  });

  it("tells of a line that was altered on its way", async () => {
    writeFileSync(files.file("logs"), `${text(1, 2)}${line(3).replace("Test", "Best")}\n`);
    expect(await look()).toEqual([1, 2]);
    expect(watch.altered).toContain("Best log 3");
  });
});

describe("files that are followed", () => {
  beforeEach(() => follow("/out/logs*"));

  it("are read where they come to be, rotated ones included", async () => {
    writeFileSync(files.file("logs"), text(1, 2));
    expect(await look()).toEqual([1, 2]);
    appendFileSync(files.file("logs"), text(3, 3));
    renameSync(files.file("logs"), files.file("logs.1"));
    writeFileSync(files.file("logs"), text(4, 4));
    expect((await look()).filter((sequence) => sequence > 2)).toEqual(expect.arrayContaining([3, 4]));
    appendFileSync(files.file("logs"), text(5, 5));
    expect(await look()).toEqual([5]);
  });
});
