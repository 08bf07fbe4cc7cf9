import { describe, expect, it } from "vitest";
import { clock, frames, seed, storedText, template } from "../../test/support/template-frames.ts";
import { storedIn } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { bareFrame, type LineFrame } from "../load/line-frame.ts";
import { check } from "./check.ts";
import { damageOf } from "./damage.ts";
import { observationFor } from "./observation.ts";

const written = new LineCodec(seed, clock, { template });
describe.each(Object.entries(frames))("lines of a template that are stored %s", (_, stored) => {
  const codec = new LineCodec(seed, clock, { template, stored });
  const line = codec.encode("app-1", 123);
  /** In its padding, which begins behind its number. */
  const within = line.indexOf(" Test log ") + 15;

  it.each([
    ["cut off", line.slice(0, -3), "truncated"],
    ["beheaded", line.slice(12), "truncated"],
    ["cut within its first number", line.slice(0, line.indexOf("app-1/12") + 7), "truncated"],
    ["cut within its first name", line.slice(0, line.indexOf("app-1/12") + 2), "truncated"],
    ["merged with another", `${line}${codec.encode("app-1", 124)}`, "merged"],
    [
      "merged with another in the middle",
      line.slice(0, within) + codec.encode("app-2", 9).slice(within),
      "merged",
    ],
    ["changed", line.replace("Test log", "Test_log"), "corrupted"],
    ["renumbered", line.replace("/123 Test", "/124 Test"), "corrupted"],
    ["with a carriage return", `${line}\r`, "corrupted"],
    ["without a character within", line.slice(0, within) + line.slice(within + 1), "corrupted"],
    [
      "of another run",
      new LineCodec("other", clock, { template, stored }).encode("app-1", 123),
      "unexpected",
    ],
    ["of nobody", "GET / 200", "unexpected"],
  ])("are recognised when one is %s", (_, text, kind) => {
    expect(codec.decode(storedText(stored, text))).toBeUndefined();
    expect(damageOf(storedText(stored, text), codec)).toMatchObject({ kind });
  });
});

describe("what is around a line and not of the load", () => {
  const ledgerOf = (stored: LineFrame) =>
    storedIn(stored, {
      schema: "everyline/ledger@1",
      ...{ seed, clock, line: { template } },
      sources: [{ source: "app-1", written: 2, marks: [] }],
    });

  it("may differ for each line, which is neither a loss nor damage, and is told", () => {
    const ledger = ledgerOf({ before: ["0.1 s "], after: [""], isForeign: true });
    const observation = observationFor(ledger);
    observation.add(`0.1 s ${written.bare("app-1", 1)}`);
    observation.add(`0.2 s ${written.bare("app-1", 2)}`);
    expect(check(ledger, observation).counts).toMatchObject({
      delivered: 2,
      lost: 0,
      corrupted: 0,
      merged: 0,
    });
    expect(observation.otherwise).toEqual({ lines: 1, first: `0.2 s ${written.bare("app-1", 2)}` });
  });

  it("is told with the first 512 characters of a stored text, and of no text that is damaged", () => {
    const observation = observationFor(ledgerOf({ before: ["0.1 s "], after: [""], isForeign: true }));
    observation.add("0.1 s of nobody");
    expect(observation.otherwise).toEqual({ lines: 0, first: undefined });
    const text = `${"x".repeat(600)} ${written.bare("app-1", 2)}`;
    observation.add(text);
    expect(observation.otherwise).toEqual({ lines: 1, first: text.slice(0, 512) });
  });

  it("is damage where all that is stored is of the load", () => {
    const ledger = ledgerOf(bareFrame);
    const observation = observationFor(ledger);
    observation.add(written.bare("app-1", 1));
    observation.add(`0.2 s ${written.bare("app-1", 2)}`);
    expect(check(ledger, observation).counts).toMatchObject({ delivered: 1, lost: 1, merged: 1 });
    expect(observation.otherwise).toEqual({ lines: 0, first: undefined });
  });
});
