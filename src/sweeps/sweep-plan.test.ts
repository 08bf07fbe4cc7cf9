import { describe, expect, it } from "vitest";
import { type SweepWanted, sweepPlan } from "./sweep-plan.ts";

const wanted: SweepWanted = {
  ...{ scenario: "recovery", pipeline: "direct", layout: undefined, own: undefined },
  ...{ outage: undefined, lines: undefined, linesPerSecond: undefined },
  ...{ width: 0.1, runs: 1, budgetSeconds: 600, realTime: false },
};

describe("the runs of a sweep", () => {
  it("write as many lines during the outage as are wanted, and can be repeated by a command", async () => {
    const lines = { from: 10_000, to: 100_000 };
    const { planAt } = await sweepPlan({ ...wanted, lines, linesPerSecond: 5_000 }, []);
    const { load, schedule, command, claim } = await planAt(10_000, false);
    const [fault] = schedule;
    expect(load).toMatchObject({ lines: 20_000, linesPerSecond: 5_000 });
    expect(fault!.healed!.line - fault!.injected.line).toBe(10_000);
    expect(command.join(" ")).toMatch(/^run recovery --pipeline direct .*--lines 20000 --rate 5000$/);
    expect(claim.bounds.recoverySeconds).toBe(600);
  });

  it("have an outage of the length that is tried, scaled or in real time", async () => {
    const outage = { from: 60, to: 7_200 };
    const { planAt } = await sweepPlan({ ...wanted, scenario: "sink-outage", outage }, []);
    const scaled = await planAt(600, false);
    expect(scaled.timeScale).toBeCloseTo(0.05);
    expect(scaled.command.join(" ")).toMatch(/^run sink-outage\/one-hour .*--outage 600s$/);
    const real = await planAt(600, true);
    expect(real.timeScale).toBe(1);
    expect(real.command.join(" ")).toMatch(/--real-time --outage 600s$/);
    expect(real.claim.bounds.lost).toBe(0);
  });
});
