import { describe, expect, it } from "vitest";
import { memoryPipeline } from "../places/memory/memory-pipeline.ts";
import { chooseRuns, eachPipeline, wantedRuns } from "../plan/choose-runs.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { nightDocumentSchema } from "./night-document.ts";
import { describeNotPossible, type NightOptions, newNight, nightRows, ownNightRows } from "./night-rows.ts";

const scenarios = await loadScenarios();
const options: NightOptions = {
  scenarios: ["all"],
  pipelines: ["kafka"],
  layout: "single",
  repeat: 1,
  budgetSeconds: null,
  alerts: false,
  atOnce: 1,
  config: null,
};

describe("the rows of a night", () => {
  it("are all that were asked for: those that can be run, and those that cannot with the reason", async () => {
    const { rows, notPossible } = await nightRows(scenarios, options);
    const asked = chooseRuns(scenarios, ["all"], eachPipeline).filter(
      ({ claim, scenario }) => claim.pipeline === "kafka" && !scenario.scenario.isSelfTest,
    );
    const told = [...rows.map(({ claim }) => claim.id), ...notPossible.map(({ claim }) => claim)];
    expect(told.toSorted()).toEqual(asked.map(({ claim }) => claim.id).toSorted());
    expect(notPossible.length).toBeGreaterThan(0);
    for (const row of notPossible) {
      expect(row).toMatchObject({ pipeline: "kafka", layout: "single" });
      expect(describeNotPossible(row)).toBe(
        `${row.claim} ${row.reason}; it cannot be run on the layout single of kafka.`,
      );
      expect(row.reason).toMatch(/^(needs|has) /);
    }
  });

  it("are stored with the night, and only those that can be run are in its queue", async () => {
    const chosen = await nightRows(scenarios, options);
    const night = newNight(chosen, options, []);
    expect(nightDocumentSchema.parse(night)).toEqual(night);
    expect(night.notPossible).toEqual(chosen.notPossible);
    expect(night.queue).toHaveLength(chosen.rows.length);
    const { notPossible: _, ...ofEarlierVersion } = night;
    expect(nightDocumentSchema.parse(ofEarlierVersion).notPossible).toEqual([]);
  });

  it("are refused where none can be run, with the reason of each", async () => {
    const impossible = (await nightRows(scenarios, options)).notPossible;
    const only = { ...options, scenarios: [impossible[0]!.scenario] };
    await expect(nightRows(scenarios, only)).rejects.toThrow(impossible[0]!.reason);
  });

  it("are told of a custom pipeline, too, where it lacks the parts", () => {
    const pipeline = memoryPipeline();
    const { rows, notPossible } = ownNightRows(scenarios, ["all"], { pipeline, bounds: { lost: 0 } });
    const names = wantedRuns(scenarios, ["all"], false).map(({ name }) => name);
    const told = [
      ...rows.map(({ scenario }) => scenario.name),
      ...notPossible.map(({ scenario }) => scenario),
    ];
    expect(told.toSorted()).toEqual(names.toSorted());
    expect(notPossible.map(({ reason }) => reason)).toContain("needs a gateway");
  });
});
