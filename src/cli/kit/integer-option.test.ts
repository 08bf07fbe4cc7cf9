import { describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import { integerOption } from "./integer-option.ts";

const parse = integerOption("--lines", 1, 1_000);

describe("integerOption", () => {
  it("takes whole numbers within its bounds, ends included", () => {
    expect([parse("1"), parse("007"), parse("1000")]).toEqual([1, 7, 1_000]);
  });

  it.each([
    "0",
    "1001",
    "-5",
    "+5",
    "1e2",
    "1e99",
    "0x10",
    "1.5",
    "1,000",
    " 5",
    "abc",
    "",
    "NaN",
    "9".repeat(400),
  ])("refuses %j", (text) => {
    expect(() => parse(text)).toThrow(UsageError);
  });

  it("says what it expects and what it got", () => {
    expect(() => parse("abc")).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: expected a whole number from 1 to 1000 for --lines, got "abc"; write it in digits, like --lines 1000.]`,
    );
  });
});
