import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finalLine, type LiveState, liveLine } from "./live-line.ts";

const state: LiveState = {
  title: "direct/sink-restart (1/1)",
  elapsedMs: 10_420,
  phase: "load",
  written: 620,
  lines: 1_000,
  readable: 234,
  faultsInForce: [],
};
const broken = { ...state, faultsInForce: ["restart sink"] };
const plain = (width: number) => ({ width, colour: false });

describe("liveLine", () => {
  it("shows written and readable lines in one bar, and drops what does not fit, the fault last", () => {
    const lines = [140, 110, 100, 80, 60, 50, 40].map((width) => liveLine(broken, plain(width)));
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "  10.4 s  direct/sink-restart (1/1)  load    █████▒▒▒▒▒▒▒▒▒░░░░░░░░░░  620 written, 234 readable of 1,000  FAULT restart sink
        10.4 s  direct/sink-restart (1/1)  load    █████▒▒▒▒▒▒▒▒▒░░░░░░░░░░  234 of 1,000  FAULT restart sink
        10.4 s  direct/sink-restart (1/1)  load    ███▒▒▒▒▒▒░░░░░░░  234 of 1,000  FAULT restart sink
        10.4 s  direct/sink-restart (1/1)  load    ██▒▒▒▒░░░░  FAULT restart sink
        10.4 s  direct/sink-restart (…  load    FAULT restart sink
        10.4 s  direct/sink…  load    FAULT restart sink
        10.4 s  direct/sink…  load    FAULT r…"
    `);
  });

  it("paints the fault that is in force", () => {
    const line = liveLine(broken, { width: 100, colour: true });
    expect(line.replaceAll("\x1b", "ESC")).toMatchInlineSnapshot(
      `"  10.4 s  direct/sink-restart (1/1)  ESC[36mload  ESC[39m  ESC[32m███▒▒▒▒▒▒░░░░░░░ESC[39m  234 of 1,000  ESC[1mESC[37mESC[41mFAULT restart sinkESC[49mESC[39mESC[22m"`,
    );
  });

  it("fits any width, in colour or not, and looks the same in both", () => {
    const names = fc.string({ unit: "grapheme-ascii", maxLength: 60 });
    const states = fc.record({
      title: names,
      elapsedMs: fc.nat(),
      phase: fc.constantFrom("up", "prove", "load", "settle", "read", "down"),
      written: fc.nat(),
      lines: fc.nat(),
      readable: fc.nat(),
      faultsInForce: fc.array(names, { maxLength: 3 }),
    }) as fc.Arbitrary<LiveState>;
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 300 }), (state, width) => {
        const line = liveLine(state, plain(width));
        const painted = liveLine(state, { width, colour: true });
        expect(line.length).toBeLessThanOrEqual(width);
        expect(stripVTControlCharacters(painted)).toBe(line);
        const last = finalLine({ ...state, verdict: "holds" }, plain(width));
        expect(last.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("finalLine", () => {
  it("shows the verdict, or the phase that a run without a verdict reached", () => {
    const verdicts = ["holds", "broken", "unknown", undefined] as const;
    const lines = verdicts.map((verdict) => finalLine({ ...state, verdict }, plain(100)));
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "  10.4 s  direct/sink-restart (1/1)  holds    620 written, 234 readable of 1,000
        10.4 s  direct/sink-restart (1/1)  broken   620 written, 234 readable of 1,000
        10.4 s  direct/sink-restart (1/1)  unknown  620 written, 234 readable of 1,000
        10.4 s  direct/sink-restart (1/1)  ended in phase load, without a verdict  234 of 1,000"
    `);
  });
});
