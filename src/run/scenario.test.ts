import { describe, expect, it } from "vitest";
import { claims } from "../guarantees/table.ts";
import { listPipelines } from "../stack/pipeline.ts";
import { casesOf, findRuns, loadOf, loadScenarios } from "./scenario.ts";

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
    const both = ["loki-outage/below-horizon", "loki-outage/above-horizon"];
    expect(findRuns(scenarios, "loki-outage").map(({ name }) => name)).toEqual(both);
    expect(findRuns(scenarios, both[1]!).map(({ name }) => name)).toEqual([both[1]]);
  });

  it("names the nearest where there is none", () => {
    expect(() => findRuns(scenarios, "loki-carsh")).toThrow(/Did you mean loki-crash,/);
  });
});

function scaled(timeScale: number) {
  return { timeScale, isRealTime: false };
}

describe("loadOf", () => {
  const [below, above] = findRuns(scenarios, "loki-outage");

  it("sets the rate such that the outage straddles the retries", () => {
    const shareInOutage = 0.7;
    const seconds = ({ lines, linesPerSecond }: { lines: number; linesPerSecond: number }) =>
      (shareInOutage * lines) / linesPerSecond;
    expect(seconds(loadOf(below!, {}, scaled(1)))).toBeCloseTo(0.8 * 255.5);
    expect(seconds(loadOf(above!, {}, scaled(1)))).toBeCloseTo(1.2 * 611);
    expect(seconds(loadOf(above!, {}, scaled(1 / 40)))).toBeCloseTo(1.2 * (511 / 40 + 10));
    expect(seconds(loadOf(above!, { lines: 5_000 }, scaled(1 / 40)))).toBeCloseTo(1.2 * (511 / 40 + 10));
  });

  it("takes a rate that somebody asks for", () => {
    expect(loadOf(above!, { linesPerSecond: 7 }, scaled(1))).toEqual({ lines: 1_000, linesPerSecond: 7 });
  });
});
