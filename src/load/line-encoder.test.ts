import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../base/errors.ts";
import { flawInTemplate } from "../pipeline/line-template.ts";
import { codecFor, type LineCodec, type LinesOfRun, maxSequence } from "./line.ts";
import { LineEncoder } from "./line-encoder.ts";
import { TextBlock } from "./text-block.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 1_000 };
const own: LinesOfRun = { seed: "seed-1", clock };
const ownCodec = codecFor(own);
const template = '{"ts":"{time}","level":"{level}","msg":"{line}"}';

const seeds = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
const sources = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/);
/** Sequences around those at which the number of digits, or the digits before the last ones, change, and any others. */
const borders = Array.from({ length: 10 }, (_, digits) => 10 ** digits);
const firsts = fc.oneof(
  fc.constantFrom(0, 9_990, 19_990, maxSequence - 20, ...borders.map((border) => Math.max(0, border - 10))),
  fc.integer({ min: 0, max: maxSequence }),
);
const rates = fc.oneof(
  fc.constantFrom(0.001, 0.3, 1, 7, 1_000, 999_999, 1_000_000),
  fc.double({ min: 0.001, max: 1_000_000, noNaN: true }),
);
const clocks = fc.record(
  {
    epochMs: fc.oneof(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), fc.constant(Date.UTC(2026, 0, 1) - 5)),
    linesPerSecond: rates,
    backlog: fc.record({
      lines: fc.integer({ min: 1, max: 20_000 }),
      spanMs: fc.integer({ min: 1, max: 86_400_000 }),
      sentinelAgeMs: fc.integer({ min: 0, max: 86_400_000 }),
    }),
  },
  { requiredKeys: ["epochMs", "linesPerSecond"] },
);
const surroundings = fc.array(
  fc.oneof(
    fc.constantFrom("{time}", "{level}", " ", "é🚀", "7"),
    fc.string({ unit: "grapheme", maxLength: 9 }),
  ),
  { maxLength: 6 },
);
const templates = fc
  .tuple(surroundings, surroundings)
  .map(([before, after]) => `${before.join("")}{line}${after.join("")}`)
  .filter((text) => flawInTemplate(text) === undefined);
const shapes = fc.option(
  templates.map((text) => ({ template: text })),
  { nil: undefined },
);

function expected(codec: LineCodec, source: string, first: number, last: number): string {
  const sequences = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return sequences.map((sequence) => `${codec.encodeWritten(source, sequence)}\n`).join("");
}

function textOf({ content }: TextBlock): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
}

describe("LineEncoder", () => {
  it("writes byte for byte what the codec writes", () => {
    const property = fc.property(
      seeds,
      clocks,
      shapes,
      sources,
      fc.array(firsts, { minLength: 1, maxLength: 5 }),
      (seed, ownClock, line, source, starts) => {
        const lines = { seed, clock: ownClock, line };
        const [encoder] = LineEncoder.ofSources(lines, [source]);
        const codec = codecFor(lines);
        const block = new TextBlock(20 * encoder!.longestBytes);
        // One encoder for all of them, in any order: what it keeps of one line must not get into another.
        for (const first of starts) {
          const last = Math.min(first + 19, maxSequence);
          expect(encoder!.fill(block, first, last)).toBe(last);
          expect(textOf(block)).toBe(expected(codec, source, first, last));
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it.each([own, { ...own, line: { template } }])(
    "writes long ranges as the codec does, in blocks of any size",
    (lines) => {
      const [encoder] = LineEncoder.ofSources(lines, ["app-1"]);
      const codec = codecFor(lines);
      for (const capacity of [encoder!.longestBytes, 5_000, 300_000]) {
        const block = new TextBlock(capacity);
        for (let first = 0; first <= 21_000; ) {
          const last = encoder!.fill(block, first, 21_000);
          expect(textOf(block) === expected(codec, "app-1", first, last), `from ${first}`).toBe(true);
          first = last + 1;
        }
      }
    },
  );

  it("writes several sources from what they share, one in between another", () => {
    const names = ["app-1", "app-2", "b"];
    const encoders = LineEncoder.ofSources(own, names);
    const block = new TextBlock(10_000);
    for (let first = 995; first < 1_005; first++) {
      for (const [index, encoder] of encoders.entries()) {
        encoder.fill(block, first, first);
        expect(textOf(block)).toBe(expected(ownCodec, names[index]!, first, first));
      }
    }
  });

  it("fills a block as long as the longest line would fit, and leaves nothing of what was in it", () => {
    const [encoder] = LineEncoder.ofSources(own, ["app-1"]);
    const block = new TextBlock(3 * encoder!.longestBytes);
    const last = encoder!.fill(block, 1, 1_000);
    expect(block.length).toBeGreaterThan(2 * encoder!.longestBytes);
    expect(block.length).toBeLessThanOrEqual(block.capacity);
    expect(textOf(block)).toBe(expected(ownCodec, "app-1", 1, last));
    expect(encoder!.fill(block, 7, 7)).toBe(7);
    expect(textOf(block)).toBe(expected(ownCodec, "app-1", 7, 7));
  });

  it("has lines that are as long as it says, and none that is longer", () => {
    const [encoder] = LineEncoder.ofSources(own, ["app-1"]);
    const block = new TextBlock(2_000 * encoder!.longestBytes);
    const lengths: number[] = [];
    for (let first = 999_900_000; first <= 1_000_000_000; first += 1_000) {
      encoder!.fill(block, first, Math.min(first + 999, maxSequence));
      lengths.push(
        ...textOf(block)
          .split("\n")
          .map((line) => Buffer.byteLength(line) + 1),
      );
    }
    expect(Math.max(...lengths.slice(0, -1))).toBeLessThanOrEqual(encoder!.longestBytes);
    expect(Math.max(...lengths.slice(0, -1))).toBeGreaterThan(encoder!.longestBytes - 10);
  });

  it.each([
    [-1, 5],
    [1.5, 2],
    [1, Number.NaN],
    [6, 5],
    [1, maxSequence + 1],
  ])("refuses the range from %s to %s", (first, last) => {
    const [encoder] = LineEncoder.ofSources(own, ["app-1"]);
    expect(() => encoder!.fill(new TextBlock(1_000), first, last)).toThrow(
      `expected sequences within 0 to ${maxSequence}, got ${first} to ${last}`,
    );
  });

  it("refuses a block that is too small for a line", () => {
    const [encoder] = LineEncoder.ofSources(own, ["app-1"]);
    const block = new TextBlock(encoder!.longestBytes - 1);
    expect(() => encoder!.fill(block, 1, 1)).toThrow(/has no room for a line/);
  });

  it("refuses seeds, sources and templates that the codec refuses", () => {
    for (const [lines, source] of [
      [{ ...own, seed: "a b" }, "app-1"],
      [own, "a/b"],
      [{ ...own, line: { template: "no line" } }, "app-1"],
    ] as const)
      expect(() => LineEncoder.ofSources(lines, [source])).toThrow(UsageError);
  });
});
