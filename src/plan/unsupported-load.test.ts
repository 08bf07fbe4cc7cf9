import { describe, expect, it } from "vitest";
import { casesOf, findRuns, loadScenarios } from "./scenario.ts";
import { unsupportedLoad } from "./unsupported-load.ts";

const scenarios = await loadScenarios();
const reason = (name: string, by?: "generator" | "nestjs") =>
  unsupportedLoad(findRuns(scenarios, name)[0]!, by === undefined ? {} : { by });

describe("unsupportedLoad", () => {
  it("finds none where the scenario has its way", () => {
    for (const scenario of scenarios.flatMap(casesOf)) expect(unsupportedLoad(scenario, {})).toBeUndefined();
  });

  it("tells what only an application can do, and what it cannot", () => {
    expect(reason("app-crash", "generator")).toContain("an application that crashes");
    expect(reason("app-rotation", "generator")).toContain("an application that rotates its own file");
    expect(reason("file-rotation/copytruncate", "nestjs")).toContain("rotates by rename-create and own only");
  });

  it("lets an application write the lines of all else", () => {
    const others = scenarios
      .flatMap(casesOf)
      .filter((scenario) => unsupportedLoad(scenario, { by: "nestjs" }));
    expect(others.map(({ name }) => name)).toEqual([
      "file-rotation/copytruncate",
      "known-bugs/promtail-copytruncate",
      "known-bugs/promtail-late-create",
    ]);
    expect(reason("file-rotation/rename-create", "nestjs")).toBeUndefined();
  });
});
