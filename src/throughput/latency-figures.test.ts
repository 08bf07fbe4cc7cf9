import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { LatencyArrivals } from "./latency-arrivals.ts";
import { latencyFigures, latencyVerdict } from "./latency-figures.ts";
import type { LatencyTrial } from "./throughput-document.ts";

const beganAtMs = Date.UTC(2026, 0, 1);
const written = 100;
const everyMs = 10;

/** A line every 10 ms; from line 51 on they are written later than they were due. */
function ledgerOf(lateMs: number): Ledger {
  const marks = Array.from({ length: written }, (_, index): [number, number] => [
    index + 1,
    beganAtMs + index * everyMs + (index < 50 ? 0 : lateMs),
  ]);
  return {
    schema: "everyline/ledger@1",
    seed: "test",
    clock: { epochMs: beganAtMs, linesPerSecond: 1_000 / everyMs },
    sources: [{ source: "app", written, marks: [[0, beganAtMs], ...marks] }],
  };
}

/** Each line is seen so long after it was due, by a look that began 100 ms after the one before. */
function arrivedAfter(ms: number, upTo = written): LatencyArrivals {
  const arrivals = new LatencyArrivals(beganAtMs - 1_000, new Map([["app", written]]));
  for (let sequence = 1; sequence <= upTo; sequence++) {
    const seenAtMs = beganAtMs + (sequence - 1) * everyMs + ms;
    arrivals.endLook(seenAtMs - 100, seenAtMs - 50);
    arrivals.add("app", sequence, seenAtMs);
  }
  return arrivals;
}

describe("the latency of lines", () => {
  it("is between the look that did not bring a line and the one that did", () => {
    const { atMost, atLeast, ...counts } = latencyFigures(ledgerOf(0), arrivedAfter(400));
    expect(counts).toEqual({ lines: written, unseen: 0, writtenLate: 0 });
    expect(atMost).toEqual({ p50: 400, p99: 400, p999: 400, max: 400 });
    expect(atLeast).toEqual({ p50: 300, p99: 300, p999: 300, max: 300 });
  });

  it("begins when a line was to be written, however late it was", () => {
    const { writtenLate, atMost, atLeast } = latencyFigures(ledgerOf(300), arrivedAfter(400));
    expect(writtenLate).toBe(50);
    expect(atMost).toEqual({ p50: 400, p99: 400, p999: 400, max: 400 });
    // What was written 300 ms late was looked for in vain as long as it was not there.
    expect(atLeast).toEqual({ p50: 0, p99: 300, p999: 300, max: 300 });
  });

  it("is not known of lines that were not seen, which are counted", () => {
    expect(latencyFigures(ledgerOf(0), arrivedAfter(400, 90))).toMatchObject({ lines: written, unseen: 10 });
    const none = { unseen: written, atMost: null, atLeast: null };
    expect(latencyFigures(ledgerOf(0), arrivedAfter(400, 0))).toMatchObject(none);
  });

  it("has no lower end by a look that may have been cut off", () => {
    const arrivals = new LatencyArrivals(beganAtMs, new Map([["app", written]]));
    arrivals.endLook(beganAtMs + 500, beganAtMs + 600);
    arrivals.endLook(beganAtMs + 1_000, beganAtMs + 6_000);
    arrivals.add("app", 1, beganAtMs + 6_500);
    const { atLeast, atMost } = latencyFigures(ledgerOf(0), arrivals);
    expect(atLeast!.max).toBe(500);
    expect(Math.abs(atMost!.max - 6_500)).toBeLessThan(10);
  });
});

describe("the verdict on latency", () => {
  const exhausted = { ofMachine: 2, busy: 0.95, diskWait: 0, harness: 0.2, instances: {} };
  const trialOf = (least: number, most: number, differs: Partial<LatencyTrial> = {}): LatencyTrial => ({
    processors: { ofMachine: 2, busy: 0.5, diskWait: 0, harness: 0.2, instances: {} },
    ...{ share: 0.5, load: 100, durationSeconds: 10, lines: 1_000, unseen: 0, writtenLate: 0 },
    atLeast: { p50: 1, p99: 1, p999: 1, max: least },
    atMost: { p50: 1, p99: 1, p999: 1, max: most },
    ...differs,
  });

  it.each([
    ["holds", "every line was seen in time", "in-time", [trialOf(800, 999)]],
    [
      "broken",
      "a line was certainly not readable in time",
      "certainly-late",
      [trialOf(0, 500), trialOf(1_000, 1_100)],
    ],
    ["unknown", "a line may have been readable in time or not", "between-looks", [trialOf(999, 1_000)]],
    ["unknown", "a line was not seen", "not-seen", [trialOf(100, 200, { unseen: 1 })]],
    [
      "unknown",
      "lines were late because they were written late",
      "between-looks",
      [trialOf(700, 2_100, { writtenLate: 1 })],
    ],
    [
      "unknown",
      "the machine was at its end",
      "machine-at-its-end",
      [trialOf(2_000, 2_100, { processors: exhausted })],
    ],
    ["unknown", "nothing was measured", "not-measured", []],
  ] as const)("is %s if %s", (verdict, _, why, trials) => {
    expect(latencyVerdict(1_000, trials)).toEqual({ verdict, why });
  });

  it("is unknown if nothing is claimed", () => {
    expect(latencyVerdict(undefined, [trialOf(1, 2)])).toEqual({ verdict: "unknown", why: "no-claim" });
  });
});
