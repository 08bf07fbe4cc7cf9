import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeDuration, goDurationMs, parseDurationSeconds, prometheusDurationMs } from "./duration.ts";
import { UsageError } from "./errors.ts";

const units = fc.record({
  d: fc.integer({ min: 0, max: 400 }),
  h: fc.integer({ min: 0, max: 23 }),
  m: fc.integer({ min: 0, max: 59 }),
  s: fc.integer({ min: 0, max: 59 }),
});

function secondsOf({ d, h, m, s }: { d: number; h: number; m: number; s: number }): number {
  return ((d * 24 + h) * 60 + m) * 60 + s;
}

describe("parseDurationSeconds", () => {
  it("takes days, hours, minutes and seconds", () => {
    const texts = ["30m", "24h", "6d23h", "7d1h", "45s", "1d1h1m1s", "90s"];
    expect(texts.map(parseDurationSeconds)).toEqual([1_800, 86_400, 601_200, 608_400, 45, 90_061, 90]);
  });

  it.each(["", "0s", "5", "h", "1.5h", "-5s", "5 m", " 5m", "5m ", "5min", "1w", "6d 23h", "5ms"])(
    "refuses %j and says what it expected",
    (text) => {
      const parse = () => parseDurationSeconds(text);
      expect(parse).toThrow(UsageError);
      expect(parse).toThrow(`expected a duration like "30m", "24h" or "6d23h", got ${JSON.stringify(text)}.`);
    },
  );
});

describe("describeDuration", () => {
  it("writes the units that are not zero, and leaves out the others", () => {
    const seconds = [0, 0.4, 59.6, 45, 1_800, 3_661, 86_400, 86_401, 90_000, 601_200, 604_800];
    expect(seconds.map(describeDuration)).toEqual([
      "0 s",
      "0 s",
      "1 min",
      "45 s",
      "30 min",
      "1 h 1 min 1 s",
      "24 h",
      "1 d 1 s",
      "1 d 1 h",
      "6 d 23 h",
      "7 d",
    ]);
  });

  it("is parsed back to the same seconds, and is the shortest text that is", () => {
    fc.assert(
      fc.property(units, (given) => {
        const seconds = secondsOf(given);
        fc.pre(seconds > 0);
        const described = describeDuration(seconds);
        const compact = described.replaceAll("min", "m").replaceAll(" ", "");
        expect(parseDurationSeconds(compact)).toBe(seconds);
        if (seconds === 86_400) return;
        const { d, h, m, s } = given;
        const parts = [d && `${d} d`, h && `${h} h`, m && `${m} min`, s && `${s} s`];
        expect(described).toBe(parts.filter(Boolean).join(" "));
      }),
    );
  });
});

it("refuses a text that is not a Go duration", () => {
  expect(goDurationMs("1h2m3.5s")).toBe(3_723_500);
  for (const text of ["", "5", "5 m", "m5", "5d"])
    expect(() => goDurationMs(text)).toThrow(/expected a duration/);
});

it("reads durations as Prometheus writes them, and nothing else", () => {
  expect(prometheusDurationMs("1h0m0s")).toBe(3_600_000);
  expect(prometheusDurationMs("30d1h")).toBe(2_595_600_000);
  expect(prometheusDurationMs("1w1y")).toBe(372 * 86_400_000);
  expect(prometheusDurationMs("0")).toBe(0);
  for (const text of ["", "5", "5 m", "m5", "1 day", "5toString"])
    expect(prometheusDurationMs(text)).toBeUndefined();
});
