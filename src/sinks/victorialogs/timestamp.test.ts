import fc from "fast-check";
import { expect, it } from "vitest";
import { ReadError } from "../../base/read-error.ts";
import { parseTimestamp } from "./timestamp.ts";

it("reads times to the nanosecond, however many digits they are written with", () => {
  expect(parseTimestamp("2026-11-27T15:52:59Z")).toBe(1_795_794_779_000_000_000n);
  expect(parseTimestamp("2026-11-27T15:52:59.094Z")).toBe(1_795_794_779_094_000_000n);
  expect(parseTimestamp("2026-11-27T15:52:59.094000123Z")).toBe(1_795_794_779_094_000_123n);
});

it("reads back every nanosecond that is written", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (s, ns) => {
        const fraction = `${ns}`.padStart(9, "0").replace(/0+$/, "");
        const time = new Date(s * 1_000)
          .toISOString()
          .replace(".000Z", fraction === "" ? "Z" : `.${fraction}Z`);
        expect(parseTimestamp(time)).toBe(BigInt(s) * 1_000_000_000n + BigInt(ns));
      },
    ),
  );
});

it.each(["", "yesterday", "2026-11-27T15:52:59+01:00", "2026-13-27T15:52:59Z"])("refuses %j", (text) => {
  expect(() => parseTimestamp(text)).toThrow(ReadError);
});
