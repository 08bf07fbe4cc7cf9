import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Definition, definitions } from "./definitions.ts";

const rows: Definition[] = [
  ["sink-restart", "The store is restarted (docker restart) while lines are written."],
  ["known-bugs/store-out-of-order-window", "The store is stopped for 3 minutes."],
  ["alone", ""],
];

describe("definitions", () => {
  it("gives a long term a line of its own, and wraps texts in their column", () => {
    expect(definitions(rows, 50)).toMatchInlineSnapshot(`
      "  sink-restart  The store is restarted (docker
                      restart) while lines are written.
        known-bugs/store-out-of-order-window
                      The store is stopped for 3
                      minutes.
        alone"
    `);
  });

  it("lets terms stand beside their texts where there is room", () => {
    expect(definitions(rows, 110)).toMatchInlineSnapshot(`
      "  sink-restart                          The store is restarted (docker restart) while lines are written.
        known-bugs/store-out-of-order-window  The store is stopped for 3 minutes.
        alone"
    `);
  });

  it("is no wider than it may be, as far as terms allow, and keeps every word", () => {
    const words = fc.stringMatching(/^[a-z]{1,12}$/);
    const texts = fc.array(words, { minLength: 1, maxLength: 30 }).map((all) => all.join(" "));
    const anyRows = fc.array(fc.tuple(words, texts), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 60, max: 120 }), (rows, width) => {
        const lines = definitions(rows, width).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.join(" ").split(/\s+/).filter(Boolean)).toEqual(rows.flat().join(" ").split(" "));
      }),
    );
  });
});
