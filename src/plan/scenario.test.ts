import { describe, expect, it } from "vitest";
import { listPipelines } from "../pipeline/pipeline.ts";
import { claims } from "./claims/table.ts";
import { casesOf, findRuns, loadOf, loadScenarios, longOutageSeconds } from "./scenario.ts";

const scenarios = await loadScenarios();
const names = scenarios.flatMap(casesOf).map(({ name }) => name);

describe("the scenarios and the guarantees table", () => {
  it("name each other: no scenario without a claim, no claim without a scenario and a pipeline", async () => {
    expect([...new Set(claims.map(({ scenario }) => scenario))].sort()).toEqual([...names].sort());
    expect([...new Set(claims.map(({ pipeline }) => pipeline))].sort()).toEqual(await listPipelines());
  });

  it("has each claim once, and a reason for each that does not hold", () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    for (const { measured } of claims) expect(measured.why !== undefined).toBe(measured.verdict !== "holds");
  });

  it("heals each fault after it was injected, within the load", () => {
    for (const { faults } of scenarios.flatMap(casesOf)) {
      for (const { at, until } of faults) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(until ?? 1).toBeGreaterThan(at);
        expect(until ?? 1).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("findRuns", () => {
  it("takes all cases of a scenario, or one", () => {
    const all = ["sink-outage/below-horizon", "sink-outage/above-horizon", "sink-outage/one-hour"];
    expect(findRuns(scenarios, "sink-outage").map(({ name }) => name)).toEqual(all);
    expect(findRuns(scenarios, all[1]!).map(({ name }) => name)).toEqual([all[1]]);
  });

  it("names the nearest where there is none", () => {
    expect(() => findRuns(scenarios, "sink-carsh")).toThrow(/Did you mean sink-crash,/);
  });
});

function scaled(timeScale: number) {
  return { timeScale, isRealTime: false };
}

describe("loadOf", () => {
  const [below, above, oneHour] = findRuns(scenarios, "sink-outage");

  it("sets the rate such that the outage straddles the retries", () => {
    const shareInOutage = 0.7;
    const seconds = ({ lines, linesPerSecond }: { lines: number; linesPerSecond: number }) =>
      (shareInOutage * lines) / linesPerSecond;
    expect(seconds(loadOf(below!, {}, scaled(1)))).toBeCloseTo(0.8 * 255.5);
    expect(seconds(loadOf(above!, {}, scaled(1)))).toBeCloseTo(1.2 * 611);
    expect(seconds(loadOf(above!, {}, scaled(1 / 40)))).toBeCloseTo(1.2 * (511 / 40 + 10));
    expect(seconds(loadOf(above!, { lines: 5_000 }, scaled(1 / 40)))).toBeCloseTo(1.2 * (511 / 40 + 10));
  });

  it("sets the rate such that an outage lasts as long as it says, scaled like the retries", () => {
    const { lines } = oneHour!.scenario.load;
    expect(loadOf(oneHour!, {}, scaled(1)).linesPerSecond).toBeCloseTo((0.7 * lines) / 3_600);
    expect(loadOf(oneHour!, {}, scaled(1 / 120)).linesPerSecond).toBeCloseTo((0.7 * lines) / 30);
  });

  it("takes a rate that somebody asks for", () => {
    expect(loadOf(above!, { linesPerSecond: 7 }, scaled(1))).toEqual({ lines: 1_000, linesPerSecond: 7 });
  });

  it("holds a long outage as long as it is in real time, and at the scenario's own rate otherwise", () => {
    for (const run of findRuns(scenarios, "sink-down-24h")) {
      const { at, until } = run.faults[0]!;
      for (const wanted of [{}, { lines: 500 }]) {
        const real = loadOf(run, wanted, { timeScale: 1, isRealTime: true });
        expect(real).toEqual({ ...run.scenario.load, ...wanted, linesPerSecond: expect.any(Number) });
        expect(((until! - at) * real.lines) / real.linesPerSecond).toBeCloseTo(longOutageSeconds(run)!);
      }
      expect(loadOf(run, {}, scaled(1))).toEqual(run.scenario.load);
      expect(loadOf(run, {}, scaled(1 / 40))).toEqual(run.scenario.load);
      const asked = { linesPerSecond: 7 };
      expect(loadOf(run, asked, { timeScale: 1, isRealTime: true })).toEqual({
        ...run.scenario.load,
        ...asked,
      });
    }
  });
});

describe("longOutageSeconds", () => {
  it("is as long as the outage of the case, and undefined for one that goes by retries or for none", () => {
    const runs = findRuns(scenarios, "sink-down-24h").map((run) => [run.name, longOutageSeconds(run)]);
    expect(runs).toEqual([
      ["sink-down-24h", 86_400],
      ["sink-down-24h/6d23h", 601_200],
      ["sink-down-24h/7d1h", 608_400],
    ]);
    for (const name of ["sink-outage", "sink-restart"])
      for (const run of findRuns(scenarios, name)) expect(longOutageSeconds(run)).toBeUndefined();
  });

  it("refuses a length that is not a duration", () => {
    const [run] = findRuns(scenarios, "sink-down-24h");
    expect(() => longOutageSeconds({ ...run!, outage: { lasts: "a day" } })).toThrow(/expected a duration/);
  });
});
