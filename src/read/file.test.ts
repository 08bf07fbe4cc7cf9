import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { LineCodec } from "../load/line.ts";
import { assertReadable, readExport } from "./file.ts";
import { maxLineBytes } from "./line-splitter.ts";
import { ReadError } from "./read-error.ts";

const codec = new LineCodec("seed-1", { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 });

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "everyline-read-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

async function linesIn(path: string): Promise<string[]> {
  const lines: string[] = [];
  const extent = await readExport(path, codec, (text) => lines.push(text));
  expect(extent.lines).toBe(lines.length);
  return lines;
}

describe("readExport", () => {
  it("reads raw lines and envelopes in one file, across the borders of its chunks", async () => {
    const raw = Array.from({ length: 12_000 }, (_, index) => codec.encode("app-1", index + 1));
    const text = raw
      .map((line, index) => (index % 3 === 0 ? JSON.stringify({ line, labels: {} }) : line))
      .join("\n");
    expect(await linesIn(await fileWith("mixed.log", text))).toEqual(raw);
  });

  it("reads an empty file as no lines", async () => {
    expect(await linesIn(await fileWith("empty.log", ""))).toEqual([]);
  });

  it("counts a line of several megabytes, cut", async () => {
    const path = await fileWith("long.log", `a\n${"x".repeat(3 * maxLineBytes)}\nb\n`);
    const lines: string[] = [];
    expect(await readExport(path, codec, (text) => lines.push(text))).toEqual({
      lines: 3,
      oversizedLines: 1,
    });
    expect(lines.map(({ length }) => length)).toEqual([1, maxLineBytes, 1]);
  });

  it("refuses compressed files instead of calling them corrupted", async () => {
    const path = await fileWith("lines.log.gz", gzipSync(codec.encode("app-1", 1)));
    await expect(linesIn(path)).rejects.toThrow(UsageError);
  });

  // Opens like any file, and fails at the first read: address 0 belongs to nobody.
  it.runIf(process.platform === "linux")("fails when the read cannot be completed", async () => {
    await expect(linesIn("/proc/self/mem")).rejects.toThrow(ReadError);
  });

  it("fails when a file is gone by the time it is read", async () => {
    await expect(linesIn(join(dir, "gone.log"))).rejects.toThrow(ReadError);
  });
});

describe("assertReadable", () => {
  it("says of a file that is missing or a directory what to pass instead", async () => {
    await expect(assertReadable(join(dir, "gone.log"))).rejects.toThrow(/ENOENT.*Pass files/);
    await expect(assertReadable(dir)).rejects.toThrow(/found the directory.*\*\.log/);
    await expect(assertReadable("-")).resolves.toBeUndefined();
  });
});
