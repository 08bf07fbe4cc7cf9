import { describe, expect, it } from "vitest";
import { settle } from "./settle.ts";

const never = new AbortController().signal;
const isUnderWay = async () => undefined;
const rules = { askAfterMs: 50, quietMs: 200, deadlineMs: 1_000 };

describe("settle", () => {
  it("ends as soon as all has arrived", async () => {
    let looks = 0;
    const settling = { isComplete: () => ++looks > 3, isUnderWay, lastMovedAtMs: () => 0 };
    expect((await settle(settling, rules, never)).why).toBe("complete");
  });

  it("gives up when nothing has moved for long enough, counted from its own start at the earliest", async () => {
    const startedAtMs = Date.now();
    const settled = await settle(
      { isComplete: () => false, isUnderWay, lastMovedAtMs: () => 0 },
      rules,
      never,
    );
    expect(settled.why).toBe("quiet");
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(rules.quietMs);
  });

  it("goes on while something is on its way for certain, and ends as soon as nothing is", async () => {
    const startedAtMs = Date.now();
    let asked = 0;
    const settling = { isComplete: () => false, lastMovedAtMs: () => 0, isUnderWay: async () => ++asked < 6 };
    expect((await settle(settling, rules, never)).why).toBe("quiet");
    expect(asked).toBe(6);
    expect(Date.now() - startedAtMs).toBeGreaterThan(rules.quietMs);
  });

  it("goes on while something moves, but not beyond the deadline", async () => {
    const startedAtMs = Date.now();
    const moving = { isComplete: () => false, lastMovedAtMs: Date.now, isUnderWay };
    const settled = await settle(moving, rules, never);
    expect(settled).toMatchObject({ why: "deadline", isUnderWay: false });
    expect(settled.silentMs).toBeLessThan(100);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(rules.deadlineMs);
  });

  it("says at the deadline that lines are on their way, though none has arrived", async () => {
    const held = { isComplete: () => false, lastMovedAtMs: () => 0, isUnderWay: async () => true };
    const settled = await settle(held, rules, never);
    expect(settled).toMatchObject({ why: "deadline", isUnderWay: true });
    expect(settled.silentMs).toBeGreaterThanOrEqual(rules.deadlineMs);
  });

  it("ends with the signal's reason", async () => {
    const signal = AbortSignal.timeout(50);
    const settled = settle({ isComplete: () => false, lastMovedAtMs: Date.now, isUnderWay }, rules, signal);
    await expect(settled).rejects.toThrow(signal.reason);
  });
});
