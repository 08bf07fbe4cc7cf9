import fc from "fast-check";
import { expect, it } from "vitest";
import { loadScenarios, type ScheduledFault } from "../plan/scenario.ts";
import { parseScheduledFault } from "../plan/scheduled-fault.ts";
import { candidatesFor, drawRuns } from "./drawn-run.ts";

const scenarios = await loadScenarios();
const candidates = candidatesFor("direct", scenarios);
const seeds = fc.integer({ min: 0 }).map((number) => number.toString(16));
const faultOf = ({ faults }: { faults: ScheduledFault[] }) => faults[0]!;

it("draws among the scenarios of the guarantees in which one thing breaks once", () => {
  const names = candidates.map(({ scenario }) => scenario.name);
  expect(names).toContain("sink-restart");
  expect(names).toContain("sink-outage/above-horizon");
  expect(names.filter((name) => /both-crash|during-outage|disk-full|app-|sink-down-24h/.test(name))).toEqual(
    [],
  );
  expect(candidatesFor("kafka", scenarios).map(({ scenario }) => scenario.name)).toContain("broker-kill");
  expect(candidatesFor("as-written", scenarios)).toEqual([]);
});

it("draws the same runs from the same seed, others from another, and more of them without changing the first", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 30 }), (seed, runs) => {
      const drawn = drawRuns(candidates, runs, seed);
      expect(drawRuns(candidates, runs + 5, seed).slice(0, runs)).toEqual(drawn);
      expect(new Set(drawn.map((run) => run.seed)).size).toBe(runs);
    }),
  );
  expect(drawRuns(candidates, 20, "a")).not.toEqual(drawRuns(candidates, 20, "b"));
});

it("moves a fault within the load, and holds it for no longer than its scenario does", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      for (const { scenario } of drawRuns(candidates, 40, seed)) {
        const original = faultOf(candidates.find((one) => one.scenario.name === scenario.name)!.scenario);
        const { at, until } = parseScheduledFault(faultOf(scenario));
        expect(at).toBeGreaterThanOrEqual(Math.min(original.at, 0.1));
        if (until === undefined || original.until === undefined) {
          expect([until, original.until]).toEqual([undefined, undefined]);
          expect(at).toBeLessThanOrEqual(0.9);
          continue;
        }
        expect(until).toBeLessThanOrEqual(Math.max(original.until, 0.9) + 0.001);
        const [length, full] = [until - at, original.until - original.at];
        expect(length).toBeLessThanOrEqual(full + 0.002);
        expect(length).toBeGreaterThanOrEqual((scenario.outage === undefined ? full / 2 : full) - 0.002);
      }
    }),
    { numRuns: 30 },
  );
});

it("draws each scenario about as often as any other", () => {
  const drawn = drawRuns(candidates, 200 * candidates.length, "5eed");
  const counts = Map.groupBy(drawn, ({ scenario }) => scenario.name);
  for (const { scenario } of candidates)
    expect(Math.abs(counts.get(scenario.name)!.length - 200)).toBeLessThan(5 * Math.sqrt(200));
});
