import fc from "fast-check";
import { expect, it } from "vitest";
import { newRunId, requestTimeOf } from "./run-id.ts";

const moments = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
const names = fc.constantFrom("nightly", "sink-restart", "datacenter-failure/stretched");

it("ids sort by when they were asked for, whatever they are of", () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 2_000 }), names, names, (at, laterMs, one, other) => {
      expect(newRunId(one, at) < newRunId(other, new Date(at.getTime() + laterMs))).toBe(true);
    }),
  );
});

it("an id says when it was asked for", () => {
  fc.assert(
    fc.property(moments, names, (at, name) => {
      expect(requestTimeOf(newRunId(name, at))).toBe(at.toISOString());
    }),
  );
});

it("reads ids that have no milliseconds, which sort before those that have", () => {
  const without = "20260102t030405-sink-restart-1a2b";
  expect(requestTimeOf(without)).toBe("2026-01-02T03:04:05.000Z");
  expect(without < newRunId("sink-restart", new Date("2026-01-02T03:04:05.001Z"))).toBe(true);
});

it("refuses what is no id", () => {
  expect(() => requestTimeOf("latest")).toThrow(/begins with its time, got "latest"/);
});
