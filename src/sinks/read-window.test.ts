import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSkew, ReadWindow } from "./read-window.ts";

const clock = { epochMs: 1_800_000_000_000, linesPerSecond: 100 };
const nowMs = clock.epochMs + 30_000;
const nsOf = (ms: number) => BigInt(ms) * 1_000_000n;

describe("the window in which lines are looked for", () => {
  it("reads back whatever was followed, wherever its time lies", () => {
    const daysMs = 10 * 86_400_000;
    const offset = fc.integer({ min: -daysMs, max: daysMs });
    fc.assert(
      fc.property(fc.array(offset), (offsets) => {
        const window = new ReadWindow(clock);
        for (const offsetMs of offsets) window.see(nsOf(nowMs + offsetMs));
        const [range, near] = [window.range(nowMs), window.near(nowMs)];
        expect(range.startNs).toBeLessThan(near.startNs);
        expect(range.endNs).toBeGreaterThan(near.endNs);
        for (const ns of [...offsets.map((ms) => nsOf(nowMs + ms)), nsOf(clock.epochMs), nsOf(nowMs)]) {
          expect(near.startNs < ns && ns < near.endNs).toBe(true);
        }
        for (const { startNs, endNs } of [range, near, window.expected(nowMs)])
          expect([startNs % 1_000_000n, endNs % 1_000_000n]).toEqual([0n, 0n]);
      }),
    );
  });

  it("takes lines an hour ahead without having seen one, and those of other time zones after a while", () => {
    const window = new ReadWindow(clock);
    expect(window.range(nowMs).endNs).toBeGreaterThan(nsOf(nowMs + 3_599_000));
    expect(window.search(nowMs, 12_000).startNs).toBeLessThan(nsOf(nowMs - 14 * 3_600_000));
    expect(window.search(nowMs, 25_000).startNs).toBeLessThan(nsOf(nowMs - 7 * 86_400_000));
  });

  it("tells how far a clock is off by a sentinel's time, and nothing of the time that its way takes", () => {
    const skewOf = (timeMs: number, seenAtMs: number) => {
      const window = new ReadWindow(clock);
      window.seeSentinel(nsOf(timeMs), clock.epochMs, seenAtMs);
      return window.skewMs;
    };
    expect(skewOf(clock.epochMs + 40_000, clock.epochMs + 50_000)).toBe(0);
    expect(skewOf(clock.epochMs + 5_000, clock.epochMs + 2_000)).toBe(0);
    expect(skewOf(clock.epochMs + 300_000, clock.epochMs + 2_000)).toBe(300_000);
    expect(skewOf(clock.epochMs - 90_000, clock.epochMs + 2_000)).toBe(-90_000);
    expect([300_000, -90_000].map(describeSkew)).toEqual(["about 300 s ahead of", "about 90 s behind"]);
  });
});
