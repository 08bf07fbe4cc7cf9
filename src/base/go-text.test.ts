import { expect, it } from "vitest";
import { goText } from "./go-text.ts";

it.each([
  ["plain é 🚀", [], "plain é 🚀"],
  ["a", [0xf0, 0x9f, 0x9a], "a\uFFFD\uFFFD\uFFFD"],
  ["é", [0xff, 0x41, 0xc3], "é\uFFFDA\uFFFD"],
])("has a U+FFFD for each byte that is not UTF-8: %j and %j", (text, bytes, expected) => {
  expect(goText(Buffer.concat([Buffer.from(text), Buffer.from(bytes)]))).toBe(expected);
});
