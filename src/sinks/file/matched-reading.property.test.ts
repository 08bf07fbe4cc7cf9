import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Outcome, outcomeOf } from "../../../test/support/matched-export.ts";
import type { Ledger } from "../../load/ledger.ts";
import { LineCodec } from "../../load/line.ts";

/*
 * Exports are read twice: every line as a text, as the slow and obvious way, and intact lines as runs. Both have to come to the same result,
 * whatever is in the exports and wherever a block of bytes ends.
 */

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const sourceNames = ["app-1", "app-10", "b_c"];
const torn = [
  { sequence: 3, bytes: 120 },
  { sequence: 9, bytes: 60 },
];
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed-1",
  clock,
  sources: sourceNames.map((source) => ({
    source,
    written: 150,
    marks: [],
    ...(source === "b_c" && { torn }),
  })),
};
const codec = new LineCodec(ledger.seed, clock);
const otherRun = new LineCodec("seed-2", clock);

const whole = sourceNames.flatMap((source) =>
  Array.from({ length: 150 }, (_, index) => Buffer.from(codec.encode(source, index + 1))),
);
const inTurn = Array.from(
  { length: whole.length },
  (_, index) => whole[(index % 3) * 150 + Math.floor(index / 3)]!,
);

/** Texts of an export, as bytes. */
type Texts = readonly Buffer[];
type Change = (texts: Texts) => Texts;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (fraction: number, length: number) => Math.floor(fraction * length);
const odd = fc.constantFrom(
  ...[
    codec.encode("app-1", 0),
    codec.encode("app-1", 151),
    codec.encode("other", 7),
    otherRun.encode("app-1", 7),
    codec.encode("b_c", 3).slice(0, 110),
    "",
    " ",
    "an alien line",
    '{"level":"info","message":"Test log 3"}',
    '{"line":"an alien in an object"}',
    "\0".repeat(70_000),
    "x".repeat(1_200_000),
    JSON.stringify({ line: codec.encode("app-1", 4) }),
  ].map((text) => Buffer.from(text)),
  Buffer.from(codec.encode("b_c", 3)).subarray(0, 120),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, place).map(
    ([from, count]): Change =>
      (texts) => {
        const start = at(from, texts.length);
        return texts.toSpliced(start, at(count, (texts.length - start) / 3));
      },
  ),
  fc.tuple(place, place, fc.nat(40)).map(
    ([from, to, count]): Change =>
      (texts) => {
        const start = at(from, texts.length);
        return texts.toSpliced(at(to, texts.length), 0, ...texts.slice(start, start + count));
      },
  ),
  fc.tuple(place, fc.nat(30)).map(
    ([from, count]): Change =>
      (texts) => {
        const start = at(from, texts.length);
        return [
          ...texts.slice(0, start),
          ...texts.slice(start, start + count).toReversed(),
          ...texts.slice(start + count),
        ];
      },
  ),
  fc.tuple(place, place, fc.integer({ min: 1, max: 255 })).map(
    ([line, byte, flip]): Change =>
      (texts) => {
        const index = at(line, texts.length);
        const changed = Buffer.from(texts[index] ?? []);
        if (changed.length > 0) changed[at(byte, changed.length)]! ^= flip;
        return texts.toSpliced(index, 1, changed);
      },
  ),
  fc.tuple(place, place).map(
    ([line, cut]): Change =>
      (texts) => {
        const index = at(line, texts.length);
        const text = texts[index] ?? Buffer.alloc(0);
        return texts.toSpliced(index, 1, text.subarray(0, at(cut, text.length)));
      },
  ),
  fc.tuple(place, odd).map(
    ([line, text]): Change =>
      (texts) =>
        texts.toSpliced(at(line, texts.length), 0, text),
  ),
  place.map(
    (line): Change =>
      (texts) => {
        const index = at(line, texts.length);
        const [one = Buffer.alloc(0), other = Buffer.alloc(0)] = texts.slice(index, index + 2);
        return texts.toSpliced(index, 2, Buffer.concat([one, other]));
      },
  ),
  place.map(
    (line): Change =>
      (texts) => {
        const index = at(line, texts.length);
        return texts.toSpliced(index, 1, Buffer.concat([texts[index] ?? Buffer.alloc(0), Buffer.from("\r")]));
      },
  ),
);

const goString = (text: string) =>
  JSON.stringify(text).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
const textRow = (row: (text: string, index: number) => string) => (texts: Texts) =>
  Buffer.from(texts.map((text, index) => `${row(text.toString(), index)}\n`).join(""));

/** How texts are exported: in forms whose intact lines are read as runs, and in others. */
const forms: Record<string, (texts: Texts) => Buffer> = {
  "raw lines": (texts) => Buffer.concat(texts.flatMap((text) => [text, Buffer.from("\n")])),
  "raw lines that Windows ended": (texts) =>
    Buffer.concat(texts.flatMap((text) => [text, Buffer.from("\r\n")])),
  "raw lines behind a byte order mark": (texts) =>
    Buffer.concat([Buffer.from("\uFEFF"), ...texts.flatMap((text) => [text, Buffer.from("\n")])]),
  "logcli --output=jsonl": textRow(
    (text, index) =>
      `{"labels":{"app":"${index % 4}","file":"/logs/${index}"},"line":${goString(text)},"timestamp":"2026-01-01T00:00:00.${index}Z"}`,
  ),
  "Docker's json-file": textRow(
    (text, index) =>
      `{"log":${goString(`${text}\n`)},"stream":"stdout","time":"2026-01-01T00:00:00.${index}Z"}`,
  ),
  "JSON with a number, with one spelling or another": textRow((text, index) =>
    JSON.stringify({ at: index % 3, record: { said: text, id: index % 2 ? "x" : 'a "quoted" id' } }),
  ),
  "JSON whose keys come and go": textRow((text, index) =>
    JSON.stringify({ ...(index % 5 < 2 && { level: "info" }), line: text, more: [{ a: "b" }] }),
  ),
  "JSON with a key twice": textRow((text) => `{"line":"no","line":${JSON.stringify(text)},"x":"y"}`),
  "JSON lines among raw lines": textRow((text, index) =>
    index % 7 === 3 ? JSON.stringify({ line: text }) : text,
  ),
  "kubectl logs --timestamps": textRow((text, index) => `2026-01-01T00:00:00.${index}Z ${text}`),
  "docker compose logs": textRow((text) => `app-1  | ${text}`),
  query_range: (texts) =>
    Buffer.from(
      JSON.stringify({
        status: "success",
        data: { result: [{ stream: {}, values: texts.map((text) => ["1", `${text}`]) }] },
      }),
    ),
};

const mixture = fc.record({
  order: fc.constantFrom(whole, inTurn),
  changes: fc.array(change, { maxLength: 6 }),
  form: fc.constantFrom(...Object.keys(forms)),
  isPacked: fc.boolean(),
  hasLastNewline: fc.boolean(),
  chunkBytes: fc.integer({ min: 1_000, max: 70_000 }),
  readBytes: fc.integer({ min: 100, max: 3_000 }),
});

/** Everything that was found, however it was read. */
function found(outcome: Outcome) {
  return "error" in outcome ? outcome : { ...outcome, texts: undefined };
}

describe("an export whose intact lines are read as runs", () => {
  it("comes to the same as if every line was read as a text, whatever is in it and wherever blocks end", async () => {
    await fc.assert(
      fc.asyncProperty(
        mixture,
        async ({ order, changes, form, isPacked, hasLastNewline, chunkBytes, readBytes }) => {
          const texts = changes.reduce<Texts>((before, apply) => apply(before), order);
          const all = forms[form]!(texts);
          const text = hasLastNewline ? all : all.subarray(0, -1);
          const bytes = isPacked ? gzipSync(text) : text;
          const slow = await outcomeOf(ledger, [bytes], { readBytes: undefined, chunkBytes });
          const fast = await outcomeOf(ledger, [bytes], { readBytes, chunkBytes });
          expect(found(fast)).toEqual(found(slow));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ["raw lines", 110],
    ["logcli --output=jsonl", 110],
    ["Docker's json-file", 110],
    ["JSON whose keys come and go", 110],
    ["JSON with a key twice", 110],
    // Every second text has an escape where others have none, or a number that none before it had.
    ["JSON with a number, with one spelling or another", 300],
  ])("has most of them as runs where they are %s", async (form, most) => {
    const how = { readBytes: 2_000, chunkBytes: 4_000 };
    const outcome = await outcomeOf(ledger, [forms[form]!(inTurn)], how);
    expect(outcome).toMatchObject({ kinds: { first: 450 } });
    expect(outcome).toHaveProperty("texts");
    expect("texts" in outcome && outcome.texts).toBeLessThan(most);
  });

  it("says how far it came if the rest cannot be read", async () => {
    const bytes = gzipSync(forms["raw lines"]!(whole));
    const how = { readBytes: 2_000, chunkBytes: 4_000 };
    const outcome = await outcomeOf(ledger, [bytes.subarray(0, -2_000)], how);
    expect(outcome).toHaveProperty("error", expect.stringMatching(/reading export failed after \d+ lines/));
  });
});
