import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../base/errors.ts";
import { codecFor, type LineClock, LineCodec, markOf, maxSequence, parseSeed, parseSource } from "./line.ts";
import type { LineFrame } from "./line-frame.ts";

const clock: LineClock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const codec = new LineCodec("seed-1", clock);

const seeds = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
const sources = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/);
const sequences = fc.integer({ min: 0, max: maxSequence });

describe("the mark of a run", () => {
  it("stands twice in every line of it, and in none that is quoted", () => {
    const line = codec.encode("app-1", 7);
    expect(line.split(markOf("seed-1"))).toHaveLength(3);
    expect(line).not.toContain(markOf("seed-2"));
    expect(JSON.stringify(line)).not.toContain(markOf("seed-1"));
  });

  it("is another one in lines of a template, where it stands twice as well", () => {
    const shape = { template: "{line}" };
    const mark = markOf("seed-1", shape);
    expect(mark).not.toBe(markOf("seed-1"));
    expect(codecFor({ seed: "seed-1", clock, line: shape }).encode("app-1", 7).split(mark)).toHaveLength(3);
  });
});

describe("LineCodec", () => {
  it("writes the documented message, with the identity at both ends", () => {
    expect(codec.encode("app-1", 7)).toMatchInlineSnapshot(
      `"{"id":"seed-1/app-1/7","time":"2026-01-01T00:00:00.120000000Z","level":"info","message":"Test log 7 naïve sync →","end":"seed-1/app-1/7"}"`,
    );
  });

  it("writes JSON of about 190 bytes and of varied length, with escapes and characters of several bytes", () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => codec.encode("app-1", index + 1));
    const sizes = lines.map((line) => Buffer.byteLength(line));
    const average = sizes.reduce((sum, size) => sum + size) / sizes.length;
    expect(average).toBeGreaterThan(180);
    expect(average).toBeLessThan(210);
    expect(new Set(sizes).size).toBeGreaterThan(60);
    for (const part of ['\\"', "\\\\", "\\t", "ü", "東", "🚀"]) {
      expect(lines.some((line) => line.includes(part))).toBe(true);
    }
    for (const [index, line] of lines.entries()) {
      expect(JSON.parse(line).message).toMatch(new RegExp(`^Test log ${index + 1} .`));
    }
  });

  it("gives each line another text, also of the same number in another source or run", () => {
    const other = new LineCodec("seed-2", clock);
    const bare = (line: string) => JSON.parse(line).message;
    expect(bare(codec.encode("app-1", 7))).not.toBe(bare(codec.encode("app-2", 7)));
    expect(bare(codec.encode("app-1", 7))).not.toBe(bare(other.encode("app-1", 7)));
  });

  it("recognises every line it wrote by its text alone", () => {
    fc.assert(
      fc.property(seeds, sources, sequences, (seed, source, sequence) => {
        const line = new LineCodec(seed, clock).encode(source, sequence);
        expect(line).not.toContain("\n");
        expect(new LineCodec(seed, clock).decode(line)).toEqual({ source, sequence });
      }),
    );
  });

  it("recognises no line of another seed or clock, and none that differs in a character", () => {
    const line = codec.encode("app-1", 7);
    expect(new LineCodec("seed-2", clock).decode(line)).toBeUndefined();
    expect(new LineCodec("seed-1", { ...clock, linesPerSecond: 51 }).decode(line)).toBeUndefined();
    for (let index = 0; index < line.length; index++) {
      expect(codec.decode(`${line.slice(0, index)}~${line.slice(index + 1)}`)).toBeUndefined();
    }
  });

  it("finds the identity at the head and at the tail of every line", () => {
    fc.assert(
      fc.property(seeds, sources, sequences, (seed, source, sequence) => {
        const own = new LineCodec(seed, clock);
        const identity = { source, sequence };
        expect(own.anchorsIn(own.encode(source, sequence))).toMatchObject([
          { role: "head", identity, open: false },
          { role: "tail", identity, open: false },
        ]);
      }),
    );
  });

  it("does not mistake a line of a longer seed, or of a source of the same name, for its own", () => {
    const short = new LineCodec("1", clock);
    expect(short.isBorneBy(codec.encode("app", 7))).toBe(false);
    expect(short.isBorneBy(new LineCodec("x", clock).encode("1", 1))).toBe(false);
    expect(short.anchorsIn(short.encode("1", 1))).toHaveLength(2);
    expect(short.isBorneBy(short.encode("1", 1))).toBe(true);
  });

  it("looks at the first eight places that bear the seed", () => {
    expect(codec.anchorsIn("seed-1/ ".repeat(7))).toHaveLength(7);
    expect(codec.anchorsIn("seed-1/ ".repeat(20)).map(({ start }) => start / 8)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it("recognises the highest line number, and lines of more sources than it caches", () => {
    expect(codec.decode(codec.encode("app-1", maxSequence))).toEqual({
      source: "app-1",
      sequence: maxSequence,
    });
    const lines = Array.from({ length: 5_000 }, (_, index) => codec.encode(`app-${index}`, 7));
    expect(lines.map((line) => codec.decode(line)?.source)).toEqual(lines.map((_, index) => `app-${index}`));
  });

  it("refuses numbers that are no sequence", () => {
    for (const sequence of [-1, 1.5, Number.NaN, maxSequence + 1]) {
      expect(() => codec.encode("app-1", sequence)).toThrow(
        new RangeError(`a sequence is an integer from 0 to 1000000000, not ${sequence}`),
      );
    }
    expect(codec.anchorsIn('{"id":"seed-1/app-1/9999999999"')[0]?.identity).toBeUndefined();
  });
});

describe("time", () => {
  const timeOf = (line: string): string => JSON.parse(line).time;

  it("puts the sentinel one interval before the first line", () => {
    expect(timeOf(codec.encode("app-1", 0))).toBe("2025-12-31T23:59:59.980000000Z");
    expect(timeOf(codec.encode("app-1", 1))).toBe("2026-01-01T00:00:00.000000000Z");
    expect(timeOf(codec.encode("app-1", 52))).toBe("2026-01-01T00:00:01.020000000Z");
  });

  it("grows strictly with the sequence at every rate, and stays true to it", () => {
    const rates = fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0.001, max: 1_000_000, noNaN: true }),
    );
    const epochs = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(
        rates,
        epochs,
        fc.integer({ min: 1, max: 100_000_000 }),
        (linesPerSecond, epochMs, first) => {
          const own = new LineCodec("s", { epochMs, linesPerSecond });
          const times = Array.from({ length: 20 }, (_, index) => timeOf(own.encode("a", first + index)));
          expect(times.every((time) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(time))).toBe(true);
          expect(times.toSorted()).toEqual(times);
          expect(new Set(times).size).toBe(times.length);
          expect(Date.parse(times[0]!)).toBeCloseTo(epochMs + ((first - 1) / linesPerSecond) * 1_000, -1);
        },
      ),
    );
  });
});

describe("the names of sources and seeds", () => {
  it("takes what fits and says what it expects", () => {
    expect(parseSeed("Run_7-a")).toBe("Run_7-a");
    expect(parseSource("app-1.log")).toBe("app-1.log");
    for (const seed of ["", "a b", "a/b", "a.b", "é", "a".repeat(33)]) {
      expect(() => parseSeed(seed)).toThrow(UsageError);
    }
    for (const source of ["", "a b", "a/b", "é", "a".repeat(65)]) {
      expect(() => parseSource(source)).toThrow(UsageError);
    }
    expect(() => parseSeed("a b")).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: expected a seed of 1 to 32 letters, digits, "_" or "-", got "a b"; choose one like "run-7".]`,
    );
    expect(() => parseSource("a b")).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: expected a source name of 1 to 64 letters, digits, "_", "." or "-", got "a b"; choose one like "app-1".]`,
    );
  });
});

describe("a codec of lines in a template", () => {
  const template = '{"t":"{time}","m":"{line}"}';
  const written = new LineCodec("seed-1", clock, { template });
  const line = written.bare("app-1", 7);
  const whole = `{"t":"2026-01-01T00:00:00.120000000Z","m":"${line}"}`;
  const storedAs = (stored: LineFrame) => new LineCodec("seed-1", clock, { template, stored });
  const bare = storedAs({ before: [""], after: [""] });
  const inJson = storedAs({ before: [""], after: [""], within: ["a", "b"] });
  const foreign = storedAs({ before: ["INFO ", " "], after: ["!"], isForeign: true });
  const time = "2026-01-01T00:00:00.120000000Z";
  const identity = { source: "app-1", sequence: 7 };

  it("writes the whole template, and makes what is stored of it", () => {
    for (const codec of [written, bare, inJson, foreign]) expect(codec.encodeWritten("app-1", 7)).toBe(whole);
    expect(written.encode("app-1", 7)).toBe(whole);
    expect(bare.encode("app-1", 7)).toBe(line);
    expect(inJson.encode("app-1", 7)).toBe(line);
    expect(foreign.encode("app-1", 7)).toBe(`INFO ${time} ${line}!`);
    expect(codec.encodeWritten("app-1", 7)).toBe(codec.encode("app-1", 7));
  });

  it("recognises any piece of what was written as long as it is not known how it is stored", () => {
    for (const text of [whole, line, `"m":"${line}"`]) expect(written.decode(text)).toEqual(identity);
    for (const text of [
      `INFO ${line}`,
      line.slice(1),
      line.slice(0, -1),
      `${line}${line}`,
      whole.replace("12", "13"),
    ])
      expect(written.decode(text)).toBeUndefined();
  });

  it("recognises nothing but what is stored once that is known", () => {
    const nested = JSON.stringify({ c: 1, a: { b: line } });
    expect(bare.decode(line)).toEqual(identity);
    expect(inJson.decode(nested)).toEqual(identity);
    expect(inJson.decode(JSON.stringify({ a: { b: `${line}\n` } }))).toEqual(identity);
    expect(foreign.decode(`INFO ${time} ${line}!`)).toEqual(identity);
    for (const text of [whole, `${line} `, nested]) expect(bare.decode(text)).toBeUndefined();
    for (const text of [
      line,
      whole,
      "{",
      "[]",
      JSON.stringify({ a: line }),
      JSON.stringify({ a: { b: [line] } }),
    ])
      expect(inJson.decode(text)).toBeUndefined();
  });

  it("finds a line amidst other text only where the text around it is not the load's", () => {
    expect(foreign.decodeAmidst(`DEBUG: ${line}?`)).toEqual(identity);
    expect(foreign.decodeAmidst(`DEBUG: ${line}${line}`)).toBeUndefined();
    expect(foreign.decodeAmidst(`DEBUG: ${line.replace("Test", "test")}`)).toBeUndefined();
    expect(foreign.decodeAmidst(`${line.slice(0, -1)}8`)).toBeUndefined();
    for (const codec of [written, bare, inJson]) expect(codec.decodeAmidst(`DEBUG: ${line}`)).toBeUndefined();
  });

  it("finds no line in a text that has none of its identities, one alone, or the seed without a number", () => {
    for (const text of ["", "GET / 200", "seed-1/", line.slice(0, 40), line.slice(-20), `${line} seed-1/`])
      expect(written.lineWithin(text), text).toBeUndefined();
    expect(written.lineWithin(`GET / 200 ${line}`)).toEqual(identity);
  });

  it("has no character in its lines that JSON or a quoted text would escape", () => {
    for (let sequence = 1; sequence <= 300; sequence++) {
      const text = written.bare("app-1", sequence);
      expect(JSON.stringify(text)).toBe(`"${text}"`);
    }
  });

  it("knows which text is stored for a line only where nothing else is in it", () => {
    expect([codec, written, bare, inJson, foreign].map(({ isKnownWhole }) => isKnownWhole)).toEqual([
      ...[true, false, true],
      ...[false, false],
    ]);
  });

  it("tells what begins as its lines do", () => {
    expect(codec.isBegunBy(codec.encode("app-1", 7).slice(0, 30))).toBe(true);
    expect(codec.isBegunBy(line)).toBe(false);
    for (const text of [whole, line, `"m":"${line}`]) expect(written.isBegunBy(text.slice(0, 60))).toBe(true);
    for (const text of [`x${whole}`, "seed-1", ""]) expect(written.isBegunBy(text)).toBe(false);
    expect(bare.isBegunBy(line.slice(0, 20))).toBe(true);
    expect(bare.isBegunBy(whole)).toBe(false);
    expect(inJson.isBegunBy(line)).toBe(false);
    expect(foreign.isBegunBy(`INFO ${time} ${line.slice(0, 20)}`)).toBe(true);
    expect(foreign.isBegunBy(line)).toBe(false);
  });

  it("tells what surely begins as its lines do: what stands before a damaged line may be something else", () => {
    for (const text of [whole, line, line.slice(0, 60)]) expect(written.isSurelyBegunBy(text)).toBe(true);
    expect(written.isSurelyBegunBy(whole.slice(0, 60))).toBe(false);
    expect(written.isSurelyBegunBy(`x${whole}`)).toBe(false);
    expect(codec.isSurelyBegunBy(codec.encode("app-1", 7))).toBe(true);
    expect(bare.isSurelyBegunBy(line)).toBe(true);
    expect(foreign.isSurelyBegunBy(`INFO ${time} ${line}`)).toBe(true);
  });

  it("tells what can stand before the first identity of a line", () => {
    for (const text of ["", "d=", "id=", '"m":"id=', `${time}","m":"id=`, `{"t":"${time}","m":"id=`])
      expect(written.canPrecede(text), text).toBe(true);
    for (const text of [
      "x",
      "xid=",
      '"m":"',
      `{"t":"${"x".repeat(time.length)}","m":"id=`,
      `x{"t":"${time}","m":"id=`,
    ])
      expect(written.canPrecede(text), text).toBe(false);
    expect(bare.canPrecede('"id=')).toBe(false);
    expect([codec.canPrecede('"id":"'), codec.canPrecede("id=")]).toEqual([true, false]);
    expect(codec.canPrecede(`x${codec.marks.head}`)).toBe(false);
  });

  it("takes a line out of the JSON that it is stored in, and any other text as it is", () => {
    expect(inJson.lineTextIn(JSON.stringify({ a: { b: "text" } }))).toBe("text");
    for (const text of ["text", '{"a":1}']) expect(inJson.lineTextIn(text)).toBe(text);
    expect(bare.lineTextIn("text")).toBe("text");
  });
});
