import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Backlog,
  isSameClock,
  type LineClock,
  type NominalTime,
  nominalMs,
  nominalTime,
  oldestMs,
} from "./line-clock.ts";

const dayMs = 86_400_000;
const nanosPerSecond = 1_000_000_000n;
/** A backlog of 366 days, in a number of milliseconds, is exact to 4 ns; twice that and the rounding. */
const toleranceNs = 10n;

const backlogs: fc.Arbitrary<Backlog> = fc
  .record({
    lines: fc.integer({ min: 1, max: 5_000 }),
    spanMs: fc.oneof(fc.integer({ min: 1_000, max: 366 * dayMs }), fc.constantFrom(dayMs, 7 * dayMs)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ lines, spanMs, share }) => ({ lines, spanMs, sentinelAgeMs: Math.floor(share * spanMs) }));
const plainClocks: fc.Arbitrary<LineClock> = fc.record({
  epochMs: fc.integer({ min: 2 * 366 * dayMs, max: Date.UTC(2100, 0) }),
  linesPerSecond: fc.oneof(
    fc.double({ min: 0.001, max: 1_000_000, noNaN: true }),
    fc.constantFrom(1, 3, 1_000 / 3, 2_500, 1_000_000),
  ),
});
const clocks = fc.tuple(plainClocks, backlogs).map(([clock, backlog]) => ({ ...clock, backlog }));

function nanosOf({ seconds, nanoseconds }: NominalTime): bigint {
  return BigInt(seconds) * nanosPerSecond + BigInt(nanoseconds);
}

function distance(one: bigint, other: bigint): bigint {
  return one < other ? other - one : one - other;
}

/** A whole number of milliseconds as nanoseconds. */
function nanosOfMs(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}

describe("a clock with a backlog", () => {
  it("gives each line a later time than the one before, also from the backlog to what follows it", () => {
    fc.assert(
      fc.property(clocks, (clock) => {
        const sequences = Array.from({ length: clock.backlog.lines + 20 }, (_, index) => index + 1);
        const times = sequences.map((sequence) => nanosOf(nominalTime(clock, sequence)));
        expect(times.findIndex((time, index) => index > 0 && time <= times[index - 1]!)).toBe(-1);
      }),
      { numRuns: 50 },
    );
  });

  it("spreads the lines evenly over the span that ends where the next line begins", () => {
    fc.assert(
      fc.property(clocks, fc.nat(), (clock, any) => {
        const { lines, spanMs } = clock.backlog;
        const sequence = 1 + (any % lines);
        const endNs = nanosOf(nominalTime(clock, lines + 1));
        const expectedNs = endNs - (nanosOfMs(spanMs) * BigInt(lines + 1 - sequence)) / BigInt(lines);
        expect(distance(nanosOf(nominalTime(clock, sequence)), expectedNs)).toBeLessThan(toleranceNs);
      }),
    );
    const clock = { epochMs: 10 * dayMs, linesPerSecond: 1 };
    const backlog = { lines: 4, spanMs: dayMs, sentinelAgeMs: dayMs };
    // The four lines are written over four seconds, and the fifth comes after these.
    const ages = [1, 2, 3, 4, 5].map((sequence) => {
      return 10 * dayMs + 4_000 - nominalMs({ ...clock, backlog }, sequence);
    });
    expect(ages).toEqual([dayMs, 0.75 * dayMs, 0.5 * dayMs, 0.25 * dayMs, 0]);
  });

  it("leaves the lines after the backlog as they are", () => {
    fc.assert(
      fc.property(clocks, fc.integer({ min: 1, max: 1_000_000 }), (clock, further) => {
        const { backlog: _, ...plain } = clock;
        const sequence = clock.backlog.lines + further;
        expect(nominalTime(clock, sequence)).toEqual(nominalTime(plain, sequence));
      }),
    );
  });

  it("puts the sentinel as long before the end of the span as it is told to", () => {
    fc.assert(
      fc.property(clocks, (clock) => {
        const { lines, sentinelAgeMs } = clock.backlog;
        const endNs = nanosOf(nominalTime(clock, lines + 1));
        expect(endNs - nanosOf(nominalTime(clock, 0))).toBe(nanosOfMs(sentinelAgeMs));
      }),
    );
  });

  it("gives times with nanoseconds from 0 to a second", () => {
    fc.assert(
      fc.property(clocks, fc.nat(), (clock, any) => {
        const { seconds, nanoseconds } = nominalTime(clock, any % (clock.backlog.lines + 3));
        expect(Number.isInteger(seconds) && Number.isInteger(nanoseconds)).toBe(true);
        expect(nanoseconds >= 0 && nanoseconds < 1e9).toBe(true);
      }),
    );
  });
});

describe("nominalMs", () => {
  it("is the nominal time to within the precision of a number", () => {
    fc.assert(
      fc.property(fc.oneof(plainClocks, clocks), fc.nat({ max: 6_000 }), (clock, sequence) => {
        const exactNs = nanosOf(nominalTime(clock, sequence));
        const ms = nominalMs(clock, sequence);
        const wholeMs = Math.floor(ms);
        const ns = nanosOfMs(wholeMs) + BigInt(Math.round((ms - wholeMs) * 1e6));
        expect(distance(ns, exactNs)).toBeLessThan(300n);
      }),
    );
  });
});

describe("oldestMs", () => {
  it("is a whole millisecond that no line is older than, but for the precision of a number", () => {
    const precisionNs = 300n;
    fc.assert(
      fc.property(fc.oneof(plainClocks, clocks), (clock) => {
        const oldest = oldestMs(clock);
        expect(Number.isInteger(oldest)).toBe(true);
        const last = 2 + ("backlog" in clock ? clock.backlog!.lines : 20);
        const times = [0, 1, 2, last - 1, last].map((sequence) => nanosOf(nominalTime(clock, sequence)));
        for (const time of times) expect(time + precisionNs).toBeGreaterThan(nanosOfMs(oldest));
        // And no further back than it has to be.
        const moments = [...times, nanosOfMs(clock.epochMs)];
        expect(moments.some((time) => time < nanosOfMs(oldest + 2))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("isSameClock", () => {
  it("tells clocks apart that differ in anything, and no others", () => {
    const clock: LineClock = {
      epochMs: 5,
      linesPerSecond: 2,
      backlog: { lines: 3, spanMs: 4, sentinelAgeMs: 1 },
    };
    const { backlog: _, ...plain } = clock;
    const others: LineClock[] = [
      plain,
      { ...clock, epochMs: 6 },
      { ...clock, linesPerSecond: 3 },
      { ...clock, backlog: { ...clock.backlog!, lines: 4 } },
      { ...clock, backlog: { ...clock.backlog!, spanMs: 5 } },
      { ...clock, backlog: { ...clock.backlog!, sentinelAgeMs: 2 } },
    ];
    expect(isSameClock(clock, structuredClone(clock))).toBe(true);
    expect(isSameClock(plain, { ...plain, backlog: undefined })).toBe(true);
    for (const other of others) {
      expect(isSameClock(clock, other)).toBe(false);
      expect(isSameClock(other, clock)).toBe(false);
    }
  });
});
