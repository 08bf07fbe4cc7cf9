import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineCodec, maxSequence } from "../line.ts";
import { LineMatcher } from "./line-matcher.ts";
import { lineMatcherCode } from "./line-matcher-code.ts";
import { type LineRuns, numbersPerRun } from "./line-runs.ts";
import type { LinesToMatch } from "./line-tables.ts";
import { type Spelling, spellings } from "./spellings.ts";
import { noWrapping } from "./wrapping.ts";

const blockBytes = 16_384;
const spellingNames = Object.keys(spellings) as Spelling[];

const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/);
const backlog = fc.record({
  lines: fc.integer({ min: 1, max: 1_000_000 }),
  spanMs: fc.oneof(fc.integer({ min: 1, max: 31_622_400_000 }), fc.double({ min: 1, max: 1e9, noNaN: true })),
  sentinelAgeMs: fc.constant(0),
});
const clock = fc.record(
  {
    epochMs: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: Date.UTC(9999, 0) })),
    linesPerSecond: fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0.001, max: 1_000_000, noNaN: true }),
    ),
    backlog,
  },
  { requiredKeys: ["epochMs", "linesPerSecond"] },
);
const lines: fc.Arbitrary<LinesToMatch> = fc.record({
  seed: fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
  clock,
  sources: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
});
const sequence = fc.oneof(fc.integer({ min: 1, max: maxSequence }), fc.integer({ min: 1, max: 2_000 }));

function runsIn({ sources, numbers }: LineRuns) {
  return Array.from({ length: numbers.length / numbersPerRun }, (_, index) => {
    const [source, from, to] = numbers.subarray(index * numbersPerRun) as unknown as [number, number, number];
    return { source: sources[source - 1]!, from, to };
  });
}

/** The runs that are found in texts, and how many bytes are in none. */
function matched(matcher: LineMatcher, texts: string[]) {
  const length = matcher.block(0).write(texts.map((text) => `${text}\n`).join(""));
  const runs: { source: string; from: number; to: number }[] = [];
  let otherBytes = 0;
  matcher.match(0, 0, length, {
    onRuns: (found) => runs.push(...runsIn(found)),
    onOther: (start, end) => {
      otherBytes += end - start;
    },
  });
  return { runs, otherBytes };
}

function matcherOf(given: LinesToMatch, spelling: Spelling = "plain"): LineMatcher {
  const matcher = new LineMatcher(given, spelling, blockBytes, 1);
  matcher.know({ ...noWrapping, spelling });
  return matcher;
}

describe("LineMatcher", () => {
  it("is what its source is compiled to", async () => {
    const source = await readFile(join(import.meta.dirname, "../../../wasm/line-matcher.ts"));
    const hash = createHash("sha256").update(source).digest("hex");
    expect(lineMatcherCode.sha256OfSource, "run: npm run wasm").toBe(hash);
  });

  it("knows every line of a run, whatever its clock, its sources and its spelling", () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(fc.tuple(fc.nat(7), sequence), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...spellingNames),
        (given, chosen, spelling) => {
          const codec = new LineCodec(given.seed, given.clock);
          const matcher = matcherOf(given, spelling);
          for (const [index, number] of chosen) {
            const source = given.sources[index % given.sources.length]!;
            const text = codec.encode(source, number);
            // A time beyond the year 9999 is written in another way, and left to the codec.
            const isKnown = !text.includes('"time":"+');
            expect(matched(matcher, [spellings[spelling](text)]).runs).toEqual(
              isKnown ? [{ source, from: number, to: number }] : [],
            );
          }
        },
      ),
    );
  });

  it("takes consecutive lines of each source as one run, and gives them in the order of each source", () => {
    const given = { seed: "s", clock: { epochMs: 0, linesPerSecond: 3 }, sources: ["a", "b"] };
    const codec = new LineCodec(given.seed, given.clock);
    const texts = [1, 2, 3].flatMap((number) => [codec.encode("a", number), codec.encode("b", number + 9)]);
    const { runs } = matched(matcherOf(given), [
      ...texts,
      codec.encode("a", 2),
      "other",
      codec.encode("a", 3),
    ]);
    expect(runs).toEqual([
      { source: "a", from: 1, to: 3 },
      { source: "a", from: 2, to: 2 },
      { source: "b", from: 10, to: 12 },
      { source: "a", from: 3, to: 3 },
    ]);
  });

  it("expects the next line of each source, and takes any other as well", () => {
    const given = { seed: "s", clock: { epochMs: 0, linesPerSecond: 3 }, sources: ["a", "b"] };
    const codec = new LineCodec(given.seed, given.clock);
    const numbers = [1, 2, 20, 21, 2, 30, 3, 8, 9, 10, 11, 99, 100, 199, 200, 1_999_999, 2_000_000];
    const long = [
      99_999_998,
      99_999_999,
      100_000_000,
      100_000_001,
      999_999_999,
      maxSequence,
      10_000_000,
      1,
      1,
    ];
    for (const chosen of [numbers, long]) {
      const texts = chosen.flatMap((number) => [codec.encode("a", number), codec.encode("b", number)]);
      const { runs, otherBytes } = matched(matcherOf(given), texts);
      const each = runs
        .filter(({ source }) => source === "a")
        .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
      expect(each).toEqual(chosen);
      expect(otherBytes).toBe(0);
    }
  });

  it("takes no text for a line that differs from it in a byte, or is longer or shorter", () => {
    const number = fc.integer({ min: 1, max: 1_100 });
    fc.assert(
      fc.property(lines, number, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, chosen, place, flip) => {
        const source = given.sources[0]!;
        const line = Buffer.from(new LineCodec(given.seed, given.clock).encode(source, chosen));
        const matcher = matcherOf(given);
        const sequencesIn = (bytes: Buffer) => {
          const block = matcher.block(0);
          const length = Buffer.concat([bytes, Buffer.from("\n")]).copy(block);
          const found: number[] = [];
          matcher.match(0, 0, length, {
            onRuns: (runs) => found.push(...runsIn(runs).map(({ from }) => from)),
            onOther: () => {},
          });
          return found;
        };
        const index = place % line.length;
        const changed = Buffer.from(line);
        changed[index]! ^= flip;
        // A time beyond the year 9999 is left to the codec.
        const isKnown = !line.includes('"time":"+');
        expect(sequencesIn(line)).toEqual(isKnown ? [chosen] : []);
        expect(sequencesIn(changed)).toEqual([]);
        expect(sequencesIn(line.subarray(0, -1 - (place % 3)))).toEqual([]);
        expect(sequencesIn(line.subarray(1 + (place % 3)))).toEqual([]);
        expect(sequencesIn(Buffer.concat([line, Buffer.from([flip])]))).toEqual(
          flip === 0x0a && isKnown ? [chosen] : [],
        );
      }),
    );
  });

  it("knows neither sentinels nor numbers with a zero in front, nor sources that do not write", () => {
    const given = { seed: "s", clock: { epochMs: 0, linesPerSecond: 3 }, sources: ["a"] };
    const codec = new LineCodec(given.seed, given.clock);
    const padded = codec.encode("a", 7).replaceAll("s/a/7", "s/a/07").replace("log 7", "log 07");
    for (const text of [codec.encode("a", 0), padded, codec.encode("b", 1), codec.encode("a", 1).slice(1)])
      expect(matched(matcherOf(given), [text])).toEqual({
        runs: [],
        otherBytes: Buffer.byteLength(text) + 1,
      });
  });

  it("finds each of a thousand sources", () => {
    const sources = Array.from({ length: 1_000 }, (_, index) => `app-${index + 1}`);
    const given = { seed: "s", clock: { epochMs: 0, linesPerSecond: 3 }, sources };
    const codec = new LineCodec(given.seed, given.clock);
    const matcher = matcherOf(given);
    for (const source of sources)
      expect(matched(matcher, [codec.encode(source, 5)]).runs).toEqual([{ source, from: 5, to: 5 }]);
  });

  it("has room for eight forms of one spelling, and forgets them when it is told to", () => {
    const given = { seed: "s", clock: { epochMs: 0, linesPerSecond: 3 }, sources: ["a"] };
    const line = new LineCodec(given.seed, given.clock).encode("a", 5);
    const matcher = new LineMatcher(given, "plain", blockBytes, 1);
    const wrappingOf = (before: string) => ({
      spelling: "plain" as const,
      pieces: [{ text: before }, "line" as const, { text: "\n" }],
    });
    const known = Array.from({ length: 9 }, (_, index) => matcher.know(wrappingOf(`${index}>`)));
    expect(known).toEqual([true, true, true, true, true, true, true, true, false]);
    expect(matched(matcher, [`7>${line}`, `0>${line}`]).runs).toHaveLength(2);
    expect(matched(matcher, [`8>${line}`, line]).runs).toHaveLength(0);
    matcher.forget();
    expect(matched(matcher, [`7>${line}`]).runs).toHaveLength(0);
    expect(matcher.know({ ...noWrapping, spelling: "json" })).toBe(false);
    expect(matcher.know(wrappingOf("x".repeat(70_000)))).toBe(false);
    expect(matcher.know(noWrapping)).toBe(true);
    expect(matched(matcher, [line]).runs).toHaveLength(1);
  });
});
