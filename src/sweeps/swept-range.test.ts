import { describe, expect, it } from "vitest";
import { UsageError } from "../base/errors.ts";
import { parseDurationRange, parseLinesRange, parseWidth, sizesOf } from "./swept-range.ts";

describe("what is swept", () => {
  it("is read from the command line", () => {
    expect(parseDurationRange("1m..2h")).toEqual({ from: 60, to: 7_200 });
    expect(parseLinesRange("10k..1M")).toEqual({ from: 10_000, to: 1_000_000 });
    expect(parseLinesRange("500..2500")).toEqual({ from: 500, to: 2_500 });
    expect(parseWidth("10%")).toBe(0.1);
  });

  it.each(["2h..1m", "1m..1m", "1m", "1m...2h", "..", "1m..2h..3h", "0s..1m", "a..b"])(
    "is not %j, as a range of durations",
    (text) => {
      expect(() => parseDurationRange(text)).toThrow(UsageError);
    },
  );

  it.each(["1M..10k", "0..10", "1.5k..2k", "-1..2", "10K..20K", "10k"])(
    "is not %j, as a range of lines",
    (text) => {
      expect(() => parseLinesRange(text)).toThrow(UsageError);
    },
  );

  it.each(["0%", "101%", "10", "0.1", "1e1%"])("has no width of %j", (text) => {
    expect(() => parseWidth(text)).toThrow(/expected a width from 1% to 100%/);
  });

  it("goes in steps of 1, 3, 10 between the ends", () => {
    expect(sizesOf({ from: 10_000, to: 1_000_000 })).toEqual([10_000, 30_000, 100_000, 300_000, 1_000_000]);
    expect(sizesOf({ from: 10_000, to: 200_000 })).toEqual([10_000, 30_000, 100_000, 200_000]);
    expect(sizesOf({ from: 5, to: 15 })).toEqual([5, 15]);
  });
});
