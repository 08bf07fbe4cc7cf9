import { describe, expect, it } from "vitest";
import { LineCodec } from "../load/line.ts";
import { type DamageKind, damageOf } from "./damage.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const codec = new LineCodec("seed-1", clock);
const line = codec.encode("app-1", 123);
const next = codec.encode("app-1", 124);
const elsewhere = codec.encode("app-2", 123);
const identity = { source: "app-1", sequence: 123 };

/** The bytes of a text from `from` to `to`, decoded as a reader would. */
function cutBytes(text: string, from: number, to: number): string {
  return Buffer.from(text).subarray(from, to).toString("utf8");
}

const byteOf = (value: string | number) => (typeof value === "string" ? value.charCodeAt(0) : value);

function bitFlips(byte: number): number[] {
  return Array.from({ length: 8 }, (_, bit) => byte ^ (1 << bit));
}

function expectAll(kind: DamageKind, texts: Record<string, string>): void {
  const kinds = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, damageOf(text, codec).kind]),
  );
  expect(kinds).toEqual(Object.fromEntries(Object.keys(texts).map((name) => [name, kind])));
}

describe("damageOf", () => {
  it("calls a text without any part of the run's identity unexpected", () => {
    expectAll("unexpected", {
      empty: "",
      blank: "  ",
      foreign: "2026-01-01 GET /seed-1.html 200",
      "another run": new LineCodec("seed-2", clock).encode("app-1", 123),
      "a run whose seed ends like ours": new LineCodec("x-seed-1", clock).encode("app-1", 123),
      "a run whose source is called like our seed": new LineCodec("x", clock).encode("seed-1", 123),
      "a head cut within the seed": line.slice(0, '{"id":"seed'.length),
      "a tail cut within the seed": line.slice(-'ed-1/app-1/123"}'.length),
      "a piece without an end": line.slice(40, 90),
    });
  });

  it("calls truncated a piece of the line it names", () => {
    expectAll("truncated", {
      "all but the last character": line.slice(0, -1),
      "all but the first character": line.slice(1),
      "all but both": line.slice(1, -1),
      "the first half": line.slice(0, 90),
      "the second half": line.slice(90),
      "the head cut within the number": line.slice(0, '{"id":"seed-1/app-1/12'.length),
      "the head cut within the source": line.slice(0, '{"id":"seed-1/ap'.length),
      "the head cut after the seed": '{"id":"seed-1/',
      "the head cut after the source": '{"id":"seed-1/app-1/',
      "the head cut within the source, without its first character": '"id":"seed-1/ap',
      "the tail anchor": line.slice(-'seed-1/app-1/123"}'.length),
      "the tail cut within the number": line.slice(0, -'3"}'.length),
    });
  });

  it("names the line of a piece unless its number is cut", () => {
    expect(damageOf(line.slice(0, 90), codec)).toEqual({ kind: "truncated", identity });
    expect(damageOf(line.slice(90), codec)).toEqual({ kind: "truncated", identity });
    expect(damageOf(line.slice(0, -'3"}'.length), codec)).toEqual({ kind: "truncated", identity });
    expect(damageOf(line.slice(0, '{"id":"seed-1/app-1/12'.length), codec)).toEqual({ kind: "truncated" });
    expect(damageOf(line.slice(90, -'"}'.length), codec)).toEqual({ kind: "truncated" });
  });

  it("calls truncated also what was cut inside a character", () => {
    const rich = Array.from({ length: 100 }, (_, index) => codec.encode("app-1", index + 1)).find((text) =>
      text.includes("🚀"),
    )!;
    const start = Buffer.from(rich).indexOf("🚀");
    for (const cut of [start + 1, start + 2, start + 3]) {
      expect(damageOf(cutBytes(rich, 0, cut), codec).kind).toBe("truncated");
      expect(damageOf(cutBytes(rich, cut, 1_000), codec).kind).toBe("truncated");
    }
    // The text beyond the cut is no piece of the line.
    const before = rich.slice(0, rich.indexOf("🚀"));
    const after = rich.slice(rich.lastIndexOf("🚀") + "🚀".length);
    expectAll("corrupted", {
      "something behind the cut": `${before}\uFFFDx`,
      "something before the cut": `x\uFFFD${after}`,
    });
  });

  it("calls merged what is proven to be run together", () => {
    expectAll("merged", {
      "two lines": line + next,
      "a line twice": line + line,
      "three lines": line + next + elsewhere,
      "a beginning and a line": line.slice(0, 100) + next,
      "an unnamed beginning and a line": line.slice(0, 9) + next,
      "a line and an end": line + next.slice(100),
      "a line and an unnamed end": `${line}"}`,
      "a beginning and an end of another": line.slice(0, 100) + next.slice(100),
      "the same, of another source": line.slice(0, 100) + elsewhere.slice(60),
      "an end and a beginning": line.slice(100) + next.slice(0, 100),
      "a prefix in front": `2026-01-01T00:00:00Z stdout F ${line}`,
      "something behind": `${line} trailing`,
      "pieces of three lines": line.slice(0, 100) + next.slice(100) + elsewhere.slice(0, 60),
      "a beginning twice": line.slice(0, 60) + line.slice(0, 60),
    });
  });

  it("calls corrupted everything else that bears the seed", () => {
    expectAll("corrupted", {
      "a changed byte": line.replace("info", "inf0"),
      "a changed number at the head": line.replace("app-1/123", "app-1/124"),
      "a changed number at the tail": line.replace('app-1/123"}', 'app-1/124"}'),
      "a changed number in the message": line.replace("log 123", "log 124"),
      "a changed number at both ends": line.replaceAll("app-1/123", "app-1/124"),
      "a changed number everywhere": line.replaceAll("123", "124"),
      "a shorter number at the head": line.replace("app-1/123", "app-1/12"),
      "a changed source at the head": line.replace("app-1", "app-2"),
      "a changed source at both ends": line.replaceAll("app-1", "app-2"),
      "a source that does not exist": line.replace("app-1", "app-9"),
      "a broken seed at the head": line.replace("seed-1", "seed_1"),
      "a leading zero": line.replaceAll("app-1/123", "app-1/0123"),
      "a carriage return": `${line}\r`,
      "NULs in front": `\0\0\0${line}`,
      "a byte order mark": `\uFEFF${line}`,
      "invalid UTF-8 inside": line.replace("info", "in\uFFFDo"),
      "invalid UTF-8 inside a piece": line.slice(0, -9).replace("info", "in\uFFFDo"),
      "invalid UTF-8 at the end": line.replace(/\}$/, "\uFFFD"),
      "invalid UTF-8 behind": `${line}\uFFFD`,
      "invalid UTF-8 at a cut": `${line.slice(0, 60)}\uFFFD`,
      "invalid UTF-8 before the rest": `\uFFFD${line.slice(60)}`,
      "two ends that do not meet": `${line.slice(0, 100)}#${next.slice(100)}`,
      "a hole": line.slice(0, 60) + line.slice(70),
      "escaped once more": JSON.stringify({ text: line }),
      "written anew": JSON.stringify(JSON.parse(line), null, 1),
    });
  });

  it("calls corrupted whatever a single changed byte makes of a line, also where it looks like another number", () => {
    for (const text of [codec.encode("a", 1), codec.encode("a-1", 10), codec.encode("seed-1", 72), line]) {
      const whole = Buffer.from(text);
      for (const [place, byte] of whole.entries()) {
        for (const changed of [0, 7, 0x20, 0xff, ...'09"/-},', ...bitFlips(byte)].map(byteOf)) {
          if (changed === byte) continue;
          const read = whole.with(place, changed);
          const { kind } = damageOf(Buffer.from(read).toString("utf8"), codec);
          expect({ place, changed, kind }).toEqual({ place, changed, kind: "corrupted" });
        }
      }
    }
  });

  it("calls corrupted a number at either end that something was added to", () => {
    const long = codec.encode("a", 99);
    expectAll("corrupted", {
      "a quotation mark in it": long.replace("a/99", 'a/9"9'),
      "a quotation mark in it, at the tail": long.replace('a/99"}', 'a/9"9"}'),
      "a slash in it": long.replace("a/99", "a/9/9"),
      "a slash in it, at the tail": long.replace('a/99"}', 'a/9/9"}'),
    });
  });

  it("names a corrupted line by the end that agrees with the rest", () => {
    expect(damageOf(line.replace("info", "inf0"), codec)).toEqual({ kind: "corrupted", identity });
    expect(damageOf(line.replace("app-1/123", "app-1/124"), codec)).toEqual({ kind: "corrupted", identity });
    expect(damageOf(line.replace('app-1/123"}', 'app-1/124"}'), codec)).toEqual({
      kind: "corrupted",
      identity,
    });
    expect(damageOf(line.replace("seed-1", "seed_1"), codec)).toEqual({ kind: "corrupted", identity });
    expect(damageOf(`${line}\r`, codec)).toEqual({ kind: "corrupted", identity });
  });

  it("names no line where the two identities differ and neither is proven right, or where there is none", () => {
    const renamedAndSpoilt = line.replace('{"id":"seed-1/app-1/123', '{"ix":"seed-1/app-1/124');
    for (const text of [renamedAndSpoilt, "seed-1/ and seed-1/", "seed-1/!/7 seed-1/app-1/x"]) {
      expect(damageOf(text, codec)).toStrictEqual({ kind: "corrupted" });
    }
  });

  it("classifies a text of a megabyte, too", () => {
    expectAll("merged", { "five thousand lines": line.repeat(5_000) });
    expectAll("corrupted", { "nothing but the seed": "seed-1/".repeat(150_000) });
    expectAll("unexpected", { "nothing but invalid UTF-8": "\uFFFD".repeat(1_000_000) });
  });
});
