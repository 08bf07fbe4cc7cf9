import { describe, expect, it } from "vitest";
import { casesOf, findRuns, loadScenarios } from "../plan/scenario.ts";
import { misfitOf } from "./log-writers.ts";

const scenarios = await loadScenarios();
const misfit = (name: string, by?: "generator" | "nestjs") =>
  misfitOf(findRuns(scenarios, name)[0]!, by === undefined ? {} : { by });

describe("misfitOf", () => {
  it("finds none where the scenario has its way", () => {
    for (const scenario of scenarios.flatMap(casesOf)) expect(misfitOf(scenario, {})).toBeUndefined();
  });

  it("tells what only an application can do, and what it cannot", () => {
    expect(misfit("app-crash", "generator")).toContain("an application that crashes");
    expect(misfit("app-rotation", "generator")).toContain("an application that rotates its own file");
    expect(misfit("file-rotation/copytruncate", "nestjs")).toContain("by rename and create only");
  });

  it("lets an application write the lines of all else", () => {
    const others = scenarios.flatMap(casesOf).filter((scenario) => misfitOf(scenario, { by: "nestjs" }));
    expect(others.map(({ name }) => name)).toEqual([
      "file-rotation/copytruncate",
      "known-bugs/promtail-copytruncate",
      "known-bugs/promtail-late-create",
    ]);
    expect(misfit("file-rotation/rename-create", "nestjs")).toBeUndefined();
  });
});
