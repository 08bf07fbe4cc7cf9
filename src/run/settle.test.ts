import { describe, expect, it } from "vitest";
import { settle } from "./settle.ts";

const never = new AbortController().signal;
const isUnderWay = async () => undefined;
const isAllStored = async () => false;
const rules = { askAfterMs: 50, quietMs: 200, deadlineMs: 400 };
/** For what ends before, however busy the machine is. */
const longMs = 60_000;

describe.concurrent("settle", () => {
  it("ends as soon as all has arrived", async () => {
    let looks = 0;
    const settling = { isComplete: () => ++looks > 3, isUnderWay, isAllStored, lastMovedAtMs: () => 0 };
    expect((await settle(settling, rules, never)).why).toBe("complete");
  });

  it("gives up when nothing has moved for long enough, counted from its own start at the earliest", async () => {
    const startedAtMs = Date.now();
    const settled = await settle(
      { isComplete: () => false, isUnderWay, isAllStored, lastMovedAtMs: () => 0 },
      rules,
      never,
    );
    expect(settled.why).toBe("quiet");
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(rules.quietMs);
  });

  it("goes on while something is on its way for certain, and ends as soon as nothing is", async () => {
    const startedAtMs = Date.now();
    let asked = 0;
    const settling = {
      isComplete: () => false,
      lastMovedAtMs: () => 0,
      isUnderWay: async () => ++asked < 6,
      isAllStored,
    };
    expect((await settle(settling, { ...rules, deadlineMs: longMs }, never)).why).toBe("quiet");
    expect(asked).toBe(6);
    expect(Date.now() - startedAtMs).toBeGreaterThan(rules.quietMs);
  });

  it("goes on while something moves, but not beyond the deadline", async () => {
    const startedAtMs = Date.now();
    const moving = { isComplete: () => false, lastMovedAtMs: Date.now, isUnderWay, isAllStored };
    const settled = await settle(moving, rules, never);
    expect(settled).toMatchObject({ why: "deadline", isUnderWay: false });
    expect(settled.silentMs).toBeLessThan(100);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(rules.deadlineMs);
  });

  it("says at the deadline that lines are on their way, though none has arrived", async () => {
    const held = {
      isComplete: () => false,
      lastMovedAtMs: () => 0,
      isUnderWay: async () => true,
      isAllStored,
    };
    const settled = await settle(held, rules, never);
    expect(settled).toMatchObject({ why: "deadline", isUnderWay: true });
    expect(settled.silentMs).toBeGreaterThanOrEqual(rules.deadlineMs);
  });

  it("ends as soon as all is stored, though not all was seen to arrive and nobody knows what is on its way", async () => {
    const startedAtMs = Date.now();
    let asked = 0;
    const unseen = {
      isComplete: () => false,
      lastMovedAtMs: () => 0,
      isUnderWay,
      isAllStored: async () => ++asked === 2,
    };
    const patient = { ...rules, quietMs: longMs, deadlineMs: longMs };
    expect((await settle(unseen, patient, never)).why).toBe("complete");
    expect(asked).toBe(2);
    expect(Date.now() - startedAtMs).toBeLessThan(longMs);
  });

  it.each([true, false])(
    "does not ask whether all is stored where it is known what is on its way: %s",
    async (isUnderWay) => {
      const known = {
        isComplete: () => false,
        lastMovedAtMs: () => 0,
        isUnderWay: async () => isUnderWay,
        isAllStored: () => Promise.reject(new Error("asked")),
      };
      expect((await settle(known, rules, never)).why).toBe(isUnderWay ? "deadline" : "quiet");
    },
  );

  it("does not ask whether all is stored where lines became readable meanwhile", async () => {
    let movedAtMs = 0;
    const moving = {
      isComplete: () => false,
      lastMovedAtMs: () => movedAtMs,
      isUnderWay: async () => {
        movedAtMs = Date.now() + 1;
        return undefined;
      },
      isAllStored: () => Promise.reject(new Error("asked")),
    };
    expect((await settle(moving, rules, never)).why).toBe("deadline");
  });

  it("ends with the signal's reason", async () => {
    const signal = AbortSignal.timeout(50);
    const settled = settle(
      { isComplete: () => false, lastMovedAtMs: Date.now, isUnderWay, isAllStored },
      rules,
      signal,
    );
    await expect(settled).rejects.toThrow(signal.reason);
  });
});
