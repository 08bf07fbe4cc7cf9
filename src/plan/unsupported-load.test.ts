import { describe, expect, it } from "vitest";
import type { SourceName } from "../load/load-plan.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { casesOf, findRuns, loadScenarios } from "./scenario.ts";
import { sourceOfRun } from "./source-of-run.ts";
import { unsupportedLoad } from "./unsupported-load.ts";

const scenarios = await loadScenarios();
const direct = await loadPipeline("direct");
const directStdout = await loadPipeline("direct-stdout");
const runOf = (name: string) => findRuns(scenarios, name)[0]!;
const reason = (name: string, by?: SourceName, pipeline = direct) =>
  unsupportedLoad(runOf(name), by === undefined ? {} : { by }, pipeline);

it("takes the scenario's source, unless the pipeline reads no files or somebody wants another", () => {
  expect(sourceOfRun(runOf("sink-restart"), {}, direct)).toBe("generator");
  expect(sourceOfRun(runOf("app-rotation"), {}, direct)).toBe("nestjs");
  expect(sourceOfRun(runOf("app-rotation"), {}, directStdout)).toBe("stdout");
  expect(sourceOfRun(runOf("sink-restart"), { by: "nestjs" }, direct)).toBe("nestjs");
});

describe("unsupportedLoad", () => {
  it("finds nothing where the load is as the scenario has it", () => {
    for (const scenario of scenarios.flatMap(casesOf))
      expect(unsupportedLoad(scenario, {}, direct)).toBeUndefined();
  });

  it("tells what only an application can do, and what it cannot", () => {
    expect(reason("app-crash", "generator")).toContain("an application that crashes");
    expect(reason("app-rotation", "generator")).toContain("an application that rotates its own file");
    expect(reason("file-rotation/copytruncate", "nestjs")).toContain("rotates by rename-create and own only");
  });

  it("accepts an application as the load of every other scenario", () => {
    const others = scenarios
      .flatMap(casesOf)
      .filter((scenario) => unsupportedLoad(scenario, { by: "nestjs" }, direct));
    expect(others.map(({ name }) => name)).toEqual([
      "alert-drills/files-gone",
      "file-rotation/copytruncate",
      "known-bugs/promtail-copytruncate",
      "known-bugs/promtail-late-create",
    ]);
    expect(reason("file-rotation/rename-create", "nestjs")).toBeUndefined();
  });

  it("tells which source a pipeline cannot read, and what containers that write to stdout cannot do", () => {
    expect(reason("sink-restart", "stdout")).toContain("reads log files, not the stdout of containers");
    expect(reason("sink-restart", "nestjs", directStdout)).toContain("pass --load stdout");
    expect(reason("app-crash", undefined, directStdout)).toContain("an application that crashes");
    expect(reason("file-rotation/copytruncate", undefined, directStdout)).toContain("rotates by own only");
    expect(reason("app-rotation", undefined, directStdout)).toBeUndefined();
    expect(reason("sink-restart", "stdout", directStdout)).toBeUndefined();
  });
});
