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

it("goes with the lines that are written, and is at its end when no more will be", () => {
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

it("does not notice what is brought about within 5 s", async () => {
  const clock = new LoadClock(load());
  const quick = clock.during(() => takes(4_900));
  await vi.advanceTimersByTimeAsync(4_900);
  await quick;
  expect(clock.standstill).toBe(0);
  expect(clock.hasReached(0.49)).toBe(true);
});

it("stands still beyond 5 s, so that what comes after keeps its distance", async () => {
  const clock = new LoadClock(load());
  await vi.advanceTimersByTimeAsync(1_000);
  const slow = clock.during(() => takes(30_000));
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

it("stands still once for two that overlap, also when one of them fails", async () => {
  const clock = new LoadClock(load());
  const first = clock.during(() => takes(10_000));
  const second = clock.during(async () => {
    await takes(20_000);
    throw new Error("no");
  });
  const failed = expect(second).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(25_000);
  await first;
  await failed;
  expect(clock.standstill).toBe(1_500);
});
