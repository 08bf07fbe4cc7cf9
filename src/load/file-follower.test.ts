import { spawn } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileFollower } from "./file-follower.ts";
import { ledgerSchema, maxTorn } from "./ledger.ts";
import { LineCodec } from "./line.ts";

const seed = "seed";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 100 };
const codec = new LineCodec(seed, clock);
const bytesOf = (sequence: number, source = "app-1") => Buffer.from(codec.encode(source, sequence));

let folder: string;
let rotations: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everyline-follower-"));
  rotations = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = () => join(folder, "app-1.log");
const append = (...parts: (string | Buffer)[]) => {
  for (const part of parts) appendFileSync(path(), part);
};
const line = (sequence: number) => `${codec.encode("app-1", sequence)}\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join("");
const rotate = () => {
  rotations++;
  // The numbers are what is in order, not the names.
  renameSync(path(), `${path()}.${997 + rotations}`);
};

function follow(count = 1_000): FileFollower {
  return new FileFollower({ folder, seed, clock, sources: new Map([["app-1", count]]) });
}

describe("FileFollower", () => {
  it("counts a line once its newline is written, and never the sentinel", () => {
    const follower = follow(3);
    const seen = (...parts: (string | Buffer)[]) => {
      append(...parts);
      follower.poll();
      return follower.written;
    };
    follower.poll();
    expect(follower.written).toBe(0);
    expect(seen(line(0))).toBe(0);
    expect(seen(line(1))).toBe(1);
    expect(seen(codec.encode("app-1", 2))).toBe(1);
    expect(follower.ends).toEqual([
      { source: "app-1", sequence: 2, bytes: bytesOf(2).length, lineBytes: bytesOf(2).length },
    ]);
    expect(seen("\n")).toBe(2);
    expect(follower.isComplete).toBe(false);
    expect(seen(line(3))).toBe(3);
    expect(follower.isComplete).toBe(true);
  });

  it("marks when it has seen a line, never before the line was written", () => {
    const follower = follow();
    append(line(0));
    follower.poll();
    follower.begin();
    const beforeMs = Date.now();
    append(lines(1, 20));
    follower.poll();
    const { marks } = follower.ledger().sources[0]!;
    expect(marks.map(([sequence]) => sequence)).toEqual([0, 20]);
    expect(marks[1]![1]).toBeGreaterThanOrEqual(beforeMs);
    expect(marks[1]![1]).toBeLessThanOrEqual(Date.now());
  });

  it("follows rotations, several at once and with nothing new in between", () => {
    const follower = follow();
    append(lines(0, 3));
    follower.poll();
    append(lines(4, 5));
    rotate();
    follower.poll();
    expect(follower.written).toBe(5);
    expect(follower.rotations).toEqual([{ count: 0, last: undefined }]);
    append(lines(6, 7));
    rotate();
    append("");
    rotate();
    append(line(8));
    rotate();
    append(line(9));
    follower.poll();
    expect(follower.written).toBe(9);
    expect(follower.rotations).toEqual([
      { count: 4, last: { source: "app-1", bytes: bytesOf(8).length + 1, afterSequence: 8 } },
    ]);
    expect(readdirSync(folder)).toHaveLength(5);
    follower.close();
  });

  it("keeps what a crash left, and counts a line that was written again", () => {
    const follower = follow();
    const torn = bytesOf(2).subarray(0, 123);
    append(lines(0, 1), torn);
    follower.poll();
    expect(follower.ends[0]).toMatchObject({ sequence: 2, bytes: 123 });
    append("\n");
    follower.poll();
    expect(follower.written).toBe(1);
    append(lines(2, 3));
    follower.poll();
    const ledger = follower.ledger();
    expect(ledger.sources[0]).toMatchObject({ written: 3, torn: [{ sequence: 2, bytes: 123 }] });
    expect(ledgerSchema.parse(ledger)).toEqual(ledger);
  });

  it("writes no field for partial lines into a ledger where there are none", () => {
    const follower = follow();
    append(lines(0, 2));
    follower.poll();
    expect(follower.ledger().sources[0]).not.toHaveProperty("torn");
  });

  const defects: [string, () => void, RegExp][] = [
    ["a line that is missing", () => append(lines(1, 2), line(4)), /holds line 4 of app-1 where line 3 was/],
    ["a line that comes twice", () => append(lines(1, 2), line(2)), /holds line 2 of app-1 where line 3 was/],
    ["a second sentinel", () => append(lines(1, 2), line(0)), /holds line 0 of app-1 where line 3 was/],
    [
      "another source's line",
      () => append(bytesOf(1, "app-2"), "\n"),
      /holds line 1 of app-2 where line 1 was/,
    ],
    ["an alien line", () => append(line(1), "alien\n"), /holds "alien" where line 2 was expected/],
    ["an alien beginning", () => append(line(1), "alien"), /holds "alien" where line 2 was expected/],
    ["an empty line", () => append(line(1), "\n"), /holds "" where line 2 was expected/],
    ["a carriage return", () => append(bytesOf(1), "\r\n"), /where line 1 was expected/],
    [
      "a partial line that another line follows than the same one",
      () => append(bytesOf(1).subarray(0, 99), "\n", line(2)),
      /holds line 2 of app-1 where line 1 was/,
    ],
    [
      "the beginning of another line",
      () => append(bytesOf(2).subarray(0, 99), "\n", line(1)),
      /where line 1 was expected/,
    ],
    [
      "more lines than were to be written",
      () => append(lines(1, 6)),
      /where no line was expected after line 5/,
    ],
    [
      "more partial lines than are kept",
      () => append(...Array.from({ length: maxTorn + 1 }, () => `${`${bytesOf(1)}`.slice(0, 7)}\n`)),
      /more than 1000 partial lines/,
    ],
    [
      "a file that was rotated in the middle of a line",
      () => {
        append(line(1), bytesOf(2).subarray(0, 50));
        rotate();
        append(line(2));
      },
      /rotated in the middle of line 2/,
    ],
    [
      "a file that was cut",
      () => {
        append(line(1));
        truncateSync(path(), 10);
      },
      /was truncated/,
    ],
    [
      "a file that is gone",
      () => {
        rmSync(path());
        append(line(1));
      },
      /was replaced, not rotated/,
    ],
  ];
  it.each(defects)("refuses %s, and says where", (_, spoil, message) => {
    const follower = follow(5);
    append(line(0));
    follower.poll();
    spoil();
    expect(() => follower.poll()).toThrow(message);
    follower.close();
  });

  it("reads the same from files that came into being in any pieces, with any crashes and rotations between", () => {
    const lastLine = 30;
    /** After which bytes something happens, and what. */
    const event = fc.record({
      afterBytes: fc.integer({ min: 1, max: 900 }),
      what: fc.constantFrom("poll" as const, "crash" as const, "rotate" as const),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        rmSync(folder, { recursive: true });
        folder = mkdtempSync(join(tmpdir(), "everyline-follower-"));
        rotations = 0;
        const follower = follow(lastLine);
        const torn: { sequence: number; bytes: number }[] = [];
        /** The writer: what is still to come, line by line, and how much of the first is in the file. */
        let next = 0;
        let done = 0;
        let rotated = 0;
        const write = (count: number) => {
          for (let left = count; left > 0 && next <= lastLine; ) {
            const bytes = Buffer.from(line(next));
            const piece = bytes.subarray(done, done + left);
            append(piece);
            left -= piece.length;
            done += piece.length;
            if (done === bytes.length) [next, done] = [next + 1, 0];
          }
        };
        for (const { afterBytes, what } of events) {
          write(afterBytes);
          if (what === "crash" && done > 0) {
            append("\n");
            // All but the newline was there: the newline makes it whole.
            if (done === bytesOf(next).length) next++;
            else torn.push({ sequence: next, bytes: done });
            done = 0;
          } else if (what === "rotate") {
            while (done > 0) write(1);
            if (readdirSync(folder).includes("app-1.log")) {
              rotate();
              append("");
              rotated++;
            }
          }
          if (what === "poll") follower.poll();
        }
        write(1_000_000);
        while (!follower.isComplete || follower.rotations[0]!.count < rotated) follower.poll();
        const ledger = follower.ledger();
        expect(ledger.sources[0]).toMatchObject({ source: "app-1", written: lastLine });
        expect(ledger.sources[0]!.torn ?? []).toEqual(torn);
        expect(follower.rotations[0]!.count).toBe(rotated);
        follower.close();
      }),
      { numRuns: 150 },
    );
  });

  it("misses nothing of a writer that writes and rotates as fast as it can meanwhile", async () => {
    const count = 5_000;
    const script = `
      import { closeSync, openSync, renameSync, writeSync } from "node:fs";
      import { LineCodec } from ${JSON.stringify(new URL("line.ts", import.meta.url).href)};
      const codec = new LineCodec("seed", ${JSON.stringify(clock)});
      const path = ${JSON.stringify(path())};
      let file = openSync(path, "a");
      for (let sequence = 0; sequence <= ${count}; sequence++) {
        writeSync(file, codec.encode("app-1", sequence) + "\\n");
        if (sequence % 10 !== 9) continue;
        renameSync(path, path + "." + (1_000 + sequence));
        closeSync(file);
        file = openSync(path, "a");
      }`;
    const writer = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const follower = follow(count);
    while (!follower.isComplete) {
      follower.poll();
      if (writer.exitCode !== null && writer.exitCode !== 0) throw new Error("the writer failed");
      await setImmediate();
    }
    expect(follower.rotations[0]!.count).toBe(500);
    follower.close();
  });

  it("reads a file that is larger than what is read at once, source by source", () => {
    const count = 25_000;
    writeFileSync(path(), lines(0, count));
    expect(readFileSync(path()).length).toBeGreaterThan(64 * 65_536);
    const follower = follow(count);
    follower.poll();
    expect(follower.written).toBeGreaterThan(0);
    expect(follower.isComplete).toBe(false);
    follower.poll();
    expect(follower.isComplete).toBe(true);
  });
});
