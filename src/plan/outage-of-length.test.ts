import { describe, expect, it } from "vitest";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { chooseRuns } from "./choose-runs.ts";
import { casesToSetLength, plannedWithOutage } from "./outage-of-length.ts";
import { planOf } from "./plan-of-run.ts";
import { loadScenarios } from "./scenario.ts";

const scenarios = await loadScenarios();

function rowOf(name: string, pipeline: string) {
  const rows = casesToSetLength(chooseRuns(scenarios, [name], pipeline), [name]);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

async function planWith(name: string, pipeline: string, outage: string, realTime = false) {
  const row = plannedWithOutage(rowOf(name, pipeline), outage)!;
  return planOf({ ...row, pipeline: await loadPipeline(pipeline), load: {}, realTime, withFaults: true });
}

describe("an outage of another length", () => {
  it("is of the case whose outage has a length of its own, unless another is named", () => {
    expect(rowOf("sink-outage", "direct").scenario.name).toBe("sink-outage/one-hour");
    expect(rowOf("sink-outage/above-horizon", "direct").scenario.name).toBe("sink-outage/above-horizon");
    expect(rowOf("sink-outage", "kafka").scenario.name).toBe("sink-outage/above-horizon");
    expect(rowOf("sink-down-24h", "kafka").scenario.name).toBe("sink-down-24h");
  });

  it.each(["20s", "5m", "2h"])(
    "of %s has retry periods that are scaled down with it, if it is long",
    async (outage) => {
      const { timeScale, schedule, claim } = await planWith("sink-outage", "direct", outage);
      const [fault] = schedule;
      const heldSeconds = fault!.healed!.seconds - fault!.injected.seconds;
      const seconds = { "20s": 20, "5m": 300, "2h": 7_200 }[outage]!;
      expect(heldSeconds / timeScale / seconds).toBeCloseTo(1, 1);
      expect(heldSeconds).toBeLessThan(31);
      expect(claim.id).toBe(`direct/sink-outage/one-hour@${outage}`);
      expect(claim.text).toMatch(/^With an outage of .* instead: /);
    },
  );

  it("lasts as long as it says in real time", async () => {
    const { timeScale, schedule } = await planWith("sink-outage", "direct", "5m", true);
    expect(timeScale).toBe(1);
    expect(schedule[0]!.healed!.seconds - schedule[0]!.injected.seconds).toBeCloseTo(300, 0);
  });

  it("is simulated by the times of lines where the scenario does so", async () => {
    const { timeLapse, timeScale, summary } = await planWith("sink-down-24h", "kafka", "8d");
    expect(timeLapse).toMatchObject({ outageSeconds: 8 * 86_400 });
    expect(timeScale).toBe(1);
    expect(summary).toMatch(/^With an outage of 8 d instead: /);
  });

  it("is not longer than a day where the age of lines is not simulated, or a queue would seem to keep them for ever", () => {
    expect(() => plannedWithOutage(rowOf("sink-outage", "kafka"), "8d")).toThrow(
      /is at most 24 h long, because .* got 8d; longer ones need a scenario like sink-down-24h/,
    );
  });

  it("is not for a scenario that is as long as its lines take", () => {
    expect(plannedWithOutage(rowOf("recovery", "direct"), "5m")).toBeUndefined();
  });
});
