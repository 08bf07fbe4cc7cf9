import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templates } from "../../test/support/templates.ts";
import { type Identity, LineCodec } from "./line.ts";
import { bareFrame, frameOf, type LineFrame } from "./line-frame.ts";
import { storedFrameOf } from "./stored-frame.ts";

const seed = "run-7";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const json = '{"ts":"{time}","log":{"level":"{level}"},"msg":"{line}"}';
const logfmt = 'ts={time} level={level} msg="{line}" n=1';

const codecOf = (template: string, stored?: LineFrame) => new LineCodec(seed, clock, { template, stored });
const sentinel = (template: string) => codecOf(template).encodeWritten("app-1", 0);
const frameIn = (template: string, text: string) => storedFrameOf(text, codecOf(template));

/** What a pipeline does to each line, by what it gets and the line in it. */
type Change = (written: string, line: string) => string;

const changes: [name: string, change: Change, isForeign: boolean][] = [
  ["keeps it", (written) => written, false],
  ["keeps it with the newline that ended it", (written) => `${written}\n`, false],
  ["leaves only the line", (_, line) => line, false],
  [
    "puts it into JSON, beside what is different for each",
    (written) => JSON.stringify({ at: Math.random(), log: `${written}\n` }),
    false,
  ],
  ["puts the line deep into JSON", (_, line) => JSON.stringify({ a: { b: line }, c: [line.length] }), false],
  ["puts something before it", (_, line) => `INFO shop: ${line}`, true],
  ["puts something into JSON with it", (_, line) => JSON.stringify({ msg: `[shop] ${line}` }), true],
];

describe("the frame in which a sink stores lines", () => {
  it.each([
    [json, sentinel(json), frameOf(json)],
    [logfmt, codecOf(logfmt).bare("app-1", 0), bareFrame],
    [logfmt, `msg="${codecOf(logfmt).bare("app-1", 0)}"`, { before: ['msg="'], after: ['"'] }],
    [json, JSON.stringify({ msg: codecOf(json).bare("app-1", 0) }), { ...bareFrame, within: ["msg"] }],
    [json, JSON.stringify({ x: { log: `${sentinel(json)}\n` } }), { ...frameOf(json), within: ["x", "log"] }],
    ["{line}", `${sentinel("{line}")}\n`, { before: [""], after: ["\n"] }],
    [
      logfmt,
      `${sentinel(logfmt)}\n`,
      { ...frameOf(logfmt), after: [...frameOf(logfmt).after.slice(0, -1), '" n=1\n'] },
    ],
    [json, JSON.stringify({ line: codecOf(json).bare("app-1", 0), log: sentinel(json) }), undefined],
    [logfmt, `INFO ${codecOf(logfmt).bare("app-1", 0)}`, { before: ["INFO "], after: [""], isForeign: true }],
  ])("of %j is seen in %j", (template, text, frame) => {
    if (frame === undefined) expect(frameIn(template, text)).toMatchObject({ within: ["log"] });
    else expect(frameIn(template, text)).toEqual(frame);
  });

  it("is not the line's where it ends within the time: another line would have another one", () => {
    const text = sentinel(logfmt).slice("ts=2026-".length);
    expect(frameIn(logfmt, text)).toMatchObject({ isForeign: true });
  });

  it.each([
    ["nothing of the line", "a line of others"],
    ["half of it", sentinel("{line}").slice(0, -1)],
    ["a changed one", sentinel("{line}").replace("Test", "test")],
    ["two of them", `${sentinel("{line}")}${sentinel("{line}")}`],
    ["something that cannot be seen", `${sentinel("{line}")}\r`],
    ["a byte order mark", `\uFEFF${sentinel("{line}")}`],
    ["a terminal's colours", `\u001b[32m${sentinel("{line}")}\u001b[0m`],
  ])("is not seen in %s", (_, text) => {
    expect(frameIn("{line}", text)).toBeUndefined();
  });

  it.each(changes)("shows every line of a pipeline that %s, and no other text", (_, change, isForeign) => {
    fc.assert(
      fc.property(
        templates,
        fc.constantFrom("app-1", "b"),
        fc.integer({ min: 1, max: 300 }),
        (template, source, sequence) => {
          const codec = codecOf(template);
          const storedText = (from: string, number: number) =>
            change(codec.encodeWritten(from, number), codec.bare(from, number));
          const frame = storedFrameOf(storedText("app-1", 0), codec);
          // Something that a template has around the line may be what a pipeline puts there.
          fc.pre(frame !== undefined);
          if (!isForeign) expect(frame!.isForeign).toBeUndefined();
          const stored = codecOf(template, frame);
          const identity = { source, sequence };
          expect(stored.decode(storedText(source, sequence))).toEqual(identity);
          expect(slowlyDecoded(storedText(source, sequence), stored)).toEqual(identity);
        },
      ),
    );
  });
});

describe("decoding", () => {
  const frames: [template: string, stored: LineFrame][] = [
    [json, frameOf(json)],
    [json, { ...bareFrame, within: ["msg"] }],
    [logfmt, bareFrame],
    [logfmt, { before: ["at ", ": "], after: [" (", ")"] }],
  ];

  it.each(frames)("of %j as %j agrees with comparing each line, for any damage", (template, stored) => {
    const codec = codecOf(template, stored);
    const wrapped = (text: string) => (stored.within ? JSON.stringify({ n: 1, msg: text }) : text);
    const numbers = fc.integer({ min: 0, max: 12 });
    const damage = fc.oneof(
      fc.constant((text: string) => text),
      fc
        .tuple(fc.nat(200), fc.string({ maxLength: 2 }), fc.nat(2))
        .map(([at, put, cut]) => (text: string) => {
          const start = at % (text.length + 1);
          return text.slice(0, start) + put + text.slice(start + cut);
        }),
      fc.nat(200).map((at) => (text: string) => text.slice(0, at)),
      fc.nat(200).map((at) => (text: string) => text.slice(at)),
      fc.constant((text: string) => text + text),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("app-1", "b"),
        numbers,
        damage,
        fc.boolean(),
        (source, sequence, damaged, isInside) => {
          const line = codec.encode(source, sequence);
          const text = isInside ? wrapped(damaged(line)) : damaged(wrapped(line));
          expect(codec.decode(text)).toEqual(slowlyDecoded(text, codec, 12));
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Compares a text with every line that it may be. */
function slowlyDecoded(text: string, codec: LineCodec, upTo = 300): Identity | undefined {
  const { stored } = codec.shape!;
  let inner: unknown = text;
  if (stored?.within !== undefined) {
    try {
      inner = stored.within.reduce((value, key) => value[key], JSON.parse(text));
    } catch {
      return undefined;
    }
    if (typeof inner === "string") inner = inner.replace(/\n$/, "");
  }
  for (const source of ["app-1", "b"])
    for (let sequence = 0; sequence <= upTo; sequence++) {
      const time = codec.timeOf(sequence);
      const around = (pieces: string[]) => pieces.join(time);
      if (around(stored!.before) + codec.bare(source, sequence) + around(stored!.after) === inner)
        return { source, sequence };
    }
  return undefined;
}
