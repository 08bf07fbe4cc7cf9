import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nominalMs, nominalTime } from "../load/line-clock.ts";
import { shareOf } from "../load/load-plan.ts";
import { casesOf, findRuns, type Load, loadScenarios, type RunnableScenario } from "./scenario.ts";
import { timeLapseOf } from "./time-lapse.ts";

const hourMs = 3_600_000;
const oldestSentinelMs = (6 * 24 + 23) * hourMs + 50 * 60_000;
const load: Load = { lines: 40_000, linesPerSecond: 2_000 };

/** A run whose first fault ends at a share of the load and stands for a long outage. */
function outageOf(lasts: string, until: number): RunnableScenario {
  const outage = { lasts };
  const faults: RunnableScenario["faults"] = [{ kind: "stop", target: "loki", at: 0, until }];
  const scenario = { name: "outage", cases: {}, load };
  return { name: "outage", scenario, summary: "", faults, outage };
}

describe("timeLapseOf", () => {
  it("spreads the lines that the first source writes by the end of the first fault over the outage", () => {
    const spans = { "24h": 24, "6d23h": 167, "7d1h": 169 };
    for (const [lasts, hours] of Object.entries(spans)) {
      const lapse = timeLapseOf(outageOf(lasts, 0.6), load, 12)!;
      expect(lapse).toMatchObject({ outageSeconds: hours * 3_600 });
      // 40,000 lines over 12 sources are 3,334 for the first, 60 % of which are 2,000.4.
      expect(lapse.backlog).toMatchObject({ lines: 2_000, spanMs: hours * hourMs });
    }
  });

  it("has the sentinel one interval before the first line, but always younger than Loki's seven days", () => {
    const ageOf = (lasts: string) => timeLapseOf(outageOf(lasts, 0.6), load, 12)!.backlog.sentinelAgeMs;
    expect(ageOf("24h")).toBe(24 * hourMs + (24 * hourMs) / 2_000);
    expect(ageOf("6d23h")).toBe(167 * hourMs + (167 * hourMs) / 2_000);
    expect(ageOf("7d1h")).toBe(oldestSentinelMs);
    expect(ageOf("30d")).toBe(oldestSentinelMs);
  });

  it("makes a backlog of one line at least whose clock ends where the lines after it begin", () => {
    const loads = fc.record({
      lines: fc.integer({ min: 1, max: 100_000 }),
      linesPerSecond: fc.integer({ min: 1, max: 10_000 }),
    });
    const given = [
      loads,
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 400 }),
    ] as const;
    fc.assert(
      fc.property(...given, (load, sources, until, hours) => {
        const { backlog } = timeLapseOf(outageOf(`${hours}h`, until), load, sources)!;
        const ofFirst = shareOf(load.lines, 0, sources);
        expect(backlog.lines).toBeGreaterThanOrEqual(1);
        expect(Math.abs(backlog.lines - until * ofFirst)).toBeLessThanOrEqual(backlog.lines === 1 ? 1 : 0.5);
        expect(backlog.sentinelAgeMs).toBeLessThanOrEqual(oldestSentinelMs);
        const clock = {
          epochMs: Date.UTC(2026, 0, 1),
          linesPerSecond: load.linesPerSecond / sources,
          backlog,
        };
        const spanMs = nominalMs(clock, backlog.lines + 1) - nominalMs(clock, 1);
        expect(Math.abs(spanMs - hours * hourMs)).toBeLessThan(0.001);
        const [sentinel, end] = [nominalTime(clock, 0), nominalTime(clock, backlog.lines + 1)];
        expect(end.seconds - sentinel.seconds).toBeLessThan(7 * 86_400 - 590);
      }),
    );
  });

  it("is none for a scenario without a long outage, or whose first fault ends by itself", async () => {
    const scenarios = await loadScenarios();
    const others = scenarios.flatMap(casesOf).filter(({ outage }) => !outage || !("lasts" in outage));
    expect(others.length).toBeGreaterThan(10);
    for (const run of others) expect(timeLapseOf(run, load, 12)).toBeUndefined();
    const momentary = { ...outageOf("24h", 0.5), faults: [{ kind: "restart", target: "loki", at: 0 }] };
    expect(timeLapseOf(momentary as RunnableScenario, load, 12)).toBeUndefined();
    expect(timeLapseOf({ ...outageOf("24h", 0.5), faults: [] }, load, 12)).toBeUndefined();
    for (const run of findRuns(scenarios, "loki-down-24h")) expect(timeLapseOf(run, load, 12)).toBeDefined();
  });
});
