import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

function split(chunks: Buffer[], maxBytes?: number) {
  const lines: string[] = [];
  const splitter = new LineSplitter((text) => lines.push(text), maxBytes);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  expect(splitter.lines).toBe(lines.length);
  return { lines, oversizedLines: splitter.oversizedLines };
}

const linesOf = (...texts: string[]) => split(texts.map((text) => Buffer.from(text))).lines;

describe("LineSplitter", () => {
  it("cuts at newlines and at nothing else", () => {
    expect(linesOf("a\nb\r\nc\u2028d\u0085e\n")).toEqual(["a", "b\r", "c\u2028d\u0085e"]);
  });

  it("gives empty lines, and a last line without a newline, but none after the last newline", () => {
    expect(linesOf("\n\na")).toEqual(["", "", "a"]);
    expect(linesOf("a\n")).toEqual(["a"]);
    expect(linesOf("")).toEqual([]);
    expect(linesOf("\n")).toEqual([""]);
  });

  it("keeps a byte order mark", () => {
    expect(linesOf("\uFEFFa\n")).toEqual(["\uFEFFa"]);
  });

  it("shows invalid UTF-8 and does not let it swallow a newline", () => {
    expect(split([Buffer.from([0x61, 0xe6, 0x0a, 0x62, 0xff, 0x0a])]).lines).toEqual(["a\uFFFD", "b\uFFFD"]);
  });

  it("gives the same lines however the bytes come in pieces", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "🚀", "\r", "\n", "\0") }));
    fc.assert(
      fc.property(texts, fc.array(fc.nat(40)), fc.boolean(), (parts, sizes, ends) => {
        const text = parts.join("\n") + (ends ? "\n" : "");
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        let start = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(start, start + size));
          start += size;
        }
        chunks.push(bytes.subarray(start));
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(split(chunks).lines).toEqual(expected);
      }),
    );
  });

  it("hands on the beginning of a line that is too long, counts it, and goes on after it", () => {
    const long = "x".repeat(25);
    const whole = Buffer.from(`${long}\nshort\n${long}`);
    const expected = { lines: ["x".repeat(10), "short", "x".repeat(10)], oversizedLines: 2 };
    expect(split([whole], 10)).toEqual(expected);
    for (const size of [1, 3, 10, 25]) {
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      );
      expect(split(chunks, 10)).toEqual(expected);
    }
    expect(split([Buffer.from(`${"x".repeat(10)}\n`)], 10).oversizedLines).toBe(0);
  });
});
