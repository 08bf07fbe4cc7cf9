import { expect, it } from "vitest";
import { Repetition } from "./repetition.ts";

const never = new AbortController().signal;

it("repeats until it is stopped; what is aborted by that is no failure", async () => {
  let times = 0;
  const { promise: thirdTime, resolve } = Promise.withResolvers<void>();
  const repetition = new Repetition(
    async (signal) => {
      if (++times < 3) return;
      resolve();
      const { promise, reject } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => reject(new Error("broken off")));
      await promise;
    },
    () => 0,
  );
  repetition.start(never);
  await thirdTime;
  expect(await repetition.stop()).toBeNull();
  expect(await repetition.stop()).toBeNull();
  expect(times).toBe(3);
});

it("says why it failed, and ends every wait for it", async () => {
  const repetition = new Repetition(
    () => Promise.reject(new Error("the engine is gone")),
    () => 0,
  );
  repetition.start(never);
  await new Promise((resolve) => repetition.stopped.addEventListener("abort", resolve));
  expect(await repetition.stop()).toBe("the engine is gone");
});

it("waits as long as it is told to between two rounds, given how long the last one took", async () => {
  const took: number[] = [];
  const { promise: rested, resolve } = Promise.withResolvers<void>();
  const repetition = new Repetition(
    () => Promise.resolve(),
    (ms) => {
      took.push(ms);
      if (took.length === 2) resolve();
      return 1;
    },
  );
  repetition.start(never);
  await rested;
  await repetition.stop();
  for (const ms of took) expect(ms).toBeGreaterThanOrEqual(0);
});

it("ends with the signal it was started with, and has nothing to stop before it was started", async () => {
  const outer = new AbortController();
  const repetition = new Repetition(
    () => Promise.resolve(),
    () => 60_000,
  );
  expect(await repetition.stop()).toBeNull();
  const other = new Repetition(
    () => Promise.resolve(),
    () => 60_000,
  );
  other.start(outer.signal);
  outer.abort();
  expect(await other.stop()).toBeNull();
});
