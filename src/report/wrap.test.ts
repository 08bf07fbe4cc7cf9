import fc from "fast-check";
import { expect, it } from "vitest";
import { wrap } from "./wrap.ts";

it("breaks at spaces, cuts longer words and keeps line breaks", () => {
  expect(wrap("one two three\nabcdefghijkl", 8)).toBe("one two\nthree\nabcdefgh\nijkl");
});

it("loses nothing but the spaces it breaks at, and keeps to the width", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (text, width) => {
      const wrapped = wrap(text, width);
      expect(wrapped.replace(/[ \n]/g, "")).toBe(text.replace(/[ \n]/g, ""));
      for (const line of wrapped.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});
