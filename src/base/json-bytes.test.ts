import fc from "fast-check";
import { expect, it } from "vitest";
import { longestJsonString, writeJsonString } from "./json-bytes.ts";

const odd = fc.constantFrom(
  '"',
  "\\",
  "\n",
  "\t",
  "\u0000",
  "\u001f",
  "\u007f",
  "é",
  "東",
  "🚀",
  "\u2028",
  "/",
);

it("writes bytes as JSON.stringify writes their text", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(odd, fc.string({ unit: "grapheme", maxLength: 3 })) }), (text) => {
      const utf8 = Buffer.from(text.toWellFormed());
      const target = Buffer.alloc(longestJsonString(utf8.length) + 3, "x");
      const end = writeJsonString(target, 3, utf8);
      expect(target.toString("utf8", 0, end)).toBe(`xxx${JSON.stringify(utf8.toString())}`);
    }),
  );
});
