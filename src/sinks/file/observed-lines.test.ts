import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { damageOf } from "../../judge/damage.ts";
import { LineCodec } from "../../load/line.ts";
import { decoded } from "./codings.ts";
import { maxLineBytes } from "./line-splitter.ts";
import { assertReadable, BrokenExportError, readExport } from "./observed-lines.ts";

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
      form: "raw lines",
    });
    expect(lines.map(({ length }) => length)).toEqual([1, maxLineBytes, 1]);
  });

  it("reads gzip in whatever pieces it comes, and fails where it is cut off", async () => {
    const raw = Array.from({ length: 300 }, (_, index) => codec.encode("app-1", index + 1));
    const packed = gzipSync(raw.map((line) => `${line}\n`).join(""));
    async function* pieces() {
      yield packed.subarray(0, 1);
      yield packed.subarray(1, 9);
      yield packed.subarray(9);
    }
    const { chunks, codings } = await decoded(pieces(), "-");
    expect({ text: await text(chunks), codings }).toEqual({ text: `${raw.join("\n")}\n`, codings: ["gzip"] });
    await expect(linesIn(await fileWith("cut.gz", packed.subarray(0, -20)))).rejects.toThrow(
      BrokenExportError,
    );
  });

  it("reads a document of one line that is longer than any line may be", async () => {
    const raw = Array.from({ length: 12_000 }, (_, index) => codec.encode("app-1", index + 1));
    const values = raw.map((line, index) => [`${index}`, line]);
    const document = { status: "success", data: { resultType: "streams", result: [{ stream: {}, values }] } };
    const path = await fileWith("answer.json", JSON.stringify(document));
    expect((await stat(path)).size).toBeGreaterThan(2 * maxLineBytes);
    expect(await linesIn(path)).toEqual(raw);
  });

  it("sees the line behind a hole of NULs, however large it is", async () => {
    const line = codec.encode("app-1", 1);
    for (const bytes of [46_000, 3 * maxLineBytes]) {
      const path = await fileWith("hole.log", Buffer.concat([Buffer.alloc(bytes), Buffer.from(`${line}\n`)]));
      const [hole] = await linesIn(path);
      expect(damageOf(hole!, codec)).toEqual({
        kind: "corrupted",
        identity: { source: "app-1", sequence: 1 },
      });
    }
  });

  it("keeps its memory bounded while it unpacks", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * maxLineBytes, "x"));
    const before = process.memoryUsage().rss;
    expect(await linesIn(await fileWith("bomb.gz", bomb))).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * maxLineBytes);
  });

  // Opens like any file, and fails at the first read, because address 0 is not mapped.
  it.runIf(process.platform === "linux")("fails when the read cannot be completed", async () => {
    await expect(linesIn("/proc/self/mem")).rejects.toThrow(BrokenExportError);
  });

  it("fails when a file is gone by the time it is read", async () => {
    await expect(linesIn(join(dir, "gone.log"))).rejects.toThrow(BrokenExportError);
  });
});

describe("assertReadable", () => {
  it("says of a file that is missing or a directory what to pass instead", async () => {
    await expect(assertReadable(join(dir, "gone.log"))).rejects.toThrow(/ENOENT.*Pass files/);
    await expect(assertReadable(dir)).rejects.toThrow(/found the directory.*\*\.log/);
    await expect(assertReadable("-")).resolves.toBeUndefined();
  });
});
