import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LoadClock } from "./load-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A load of 1,000 lines, a hundred a second. */
function load() {
  const startedAtMs = Date.now();
  return {
    plan: { folder: "", seed: "", sources: [], lines: 1_000, linesPerSecond: 100 },
    hasEnded: false,
    get written() {
      return Math.floor((Date.now() - startedAtMs) / 10);
    },
  };
}

async function takes(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

it("follows the lines that are written, and is at its end when no more will be written", () => {
  const writer = load();
  const clock = new LoadClock(writer);
  vi.advanceTimersByTime(2_990);
  expect(clock.hasReached(0.3)).toBe(false);
  vi.advanceTimersByTime(10);
  expect(clock.hasReached(0.3)).toBe(true);
  expect(clock.hasReached(1)).toBe(false);
  writer.hasEnded = true;
  expect(clock.hasReached(1)).toBe(true);
});

/** A fault that is to hold from the beginning on, as long as the load. */
const throughout = { at: 0, until: 1 };

it("does not stop for a fault that takes effect soon enough for most of its time to be left", async () => {
  const clock = new LoadClock(load());
  const quick = clock.during(throughout, () => takes(2_400));
  await vi.advanceTimersByTimeAsync(2_400);
  await quick;
  expect(clock.standstill).toBe(0);
  expect(clock.hasReached(0.24)).toBe(true);
});

it("stops for a fault that takes longer than 5 s, so that later faults keep their distance", async () => {
  const clock = new LoadClock(load());
  await vi.advanceTimersByTimeAsync(1_000);
  const slow = clock.during({ at: 0.1, until: 7 }, () => takes(30_000));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(clock.hasReached(0.61)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await slow;
  expect(clock.standstill).toBe(2_500);
  expect(clock.hasReached(0.6)).toBe(true);
  expect(clock.hasReached(0.61)).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(clock.hasReached(0.61)).toBe(true);
});

it("leaves three quarters of its time to a fault that took long to take effect", async () => {
  const clock = new LoadClock(load());
  await vi.advanceTimersByTimeAsync(1_000);
  const slow = clock.during({ at: 0.1, until: 0.5 }, () => takes(10_000));
  await vi.advanceTimersByTimeAsync(10_000);
  await slow;
  await vi.advanceTimersByTimeAsync(2_990);
  expect(clock.hasReached(0.5)).toBe(false);
  await vi.advanceTimersByTimeAsync(10);
  expect(clock.hasReached(0.5)).toBe(true);
});

it("leaves some lines to a fault that took effect after its planned end, as on a machine that is busy", async () => {
  const clock = new LoadClock(load());
  await vi.advanceTimersByTimeAsync(1_000);
  const late = clock.during({ at: 0.1, until: 0.2 }, () => takes(1_500));
  await vi.advanceTimersByTimeAsync(1_500);
  await late;
  expect(clock.standstill).toBe(60);
  await vi.advanceTimersByTimeAsync(99);
  expect(clock.hasReached(0.2)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(clock.hasReached(0.2)).toBe(true);
});

it("leaves no more lines to a fault than it was planned to hold for", async () => {
  const clock = new LoadClock(load());
  await vi.advanceTimersByTimeAsync(1_000);
  const late = clock.during({ at: 0.1, until: 0.102 }, () => takes(1_500));
  await vi.advanceTimersByTimeAsync(1_500);
  await late;
  expect(clock.standstill).toBe(150);
});

it("stops once for two faults that overlap, also when one of them fails", async () => {
  const clock = new LoadClock(load());
  const first = clock.during(throughout, () => takes(10_000));
  const second = clock.during(throughout, async () => {
    await takes(20_000);
    throw new Error("no");
  });
  const failed = expect(second).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(25_000);
  await first;
  await failed;
  // 15 s in which the clock stood still, and the rest of 7.5 s.
  expect(clock.standstill).toBe(1_750);
});
