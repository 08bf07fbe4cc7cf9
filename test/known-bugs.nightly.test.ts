import { afterAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { run as runCommand } from "./support/command.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { evidenceOf } from "./support/told.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

/** After which line of each source a rotation came, by its evidence. */
function afterLines(fault: RunDocument["faults"][number]): Map<string, number> {
  const each = evidenceOf(fault).matchAll(/(app-\d+)\.log of \d+ bytes after line (\d+)/g);
  return new Map([...each].map(([, source, line]) => [source!, Number(line)]));
}

describe("a known bug", () => {
  it("loses exactly the files between the first and the last rotation while Promtail is blocked", async () => {
    const id = "promtail-plain/known-bugs/promtail-rotation-while-blocked";
    const { verdict, faults, lost, counts } = await runClaim(id, scenarios, reportsFolder);
    const rotations = faults.filter(({ kind }) => kind === "rotate").map(afterLines);
    expect(rotations).toHaveLength(3);
    expect(lost).toEqual(
      ["app-1", "app-2"].map((source) => ({
        source,
        from: rotations[0]!.get(source)! + 1,
        to: rotations[2]!.get(source),
        hop: "source",
      })),
    );
    expect(counts).toMatchObject({ duplicated: 0, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
    expect(verdict).toBe("broken");
  });

  it("loses what is written to a renamed file, from when Promtail notices to the last line before the next file", async () => {
    const id = "promtail-plain/known-bugs/promtail-late-create";
    const { verdict, faults, lost, counts } = await runClaim(id, scenarios, reportsFolder);
    const [renamed, created] = faults.map(afterLines);
    const ofSources = ["app-1", "app-2"].map((source) => ({
      from: renamed!.get(source)!,
      to: created!.get(source)!,
    }));
    expect(lost.map(({ source, to }) => [source, to])).toEqual([
      ["app-1", ofSources[0]!.to],
      ["app-2", ofSources[1]!.to],
    ]);
    for (const [index, { from }] of lost.entries()) {
      expect(from).toBeGreaterThan(ofSources[index]!.from);
      // It looks every 250 ms; a second is 50 lines.
      expect(from).toBeLessThan(ofSources[index]!.from + 50);
    }
    expect(counts).toMatchObject({ duplicated: 0, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
    expect(verdict).toBe("broken");
  });

  it("is in the report that is made of these runs, and those without a run are too", async () => {
    const { exitCode, stdout } = await runCommand("bin/everyline", ["known-bugs", reportsFolder]);
    expect(exitCode).toBe(0);
    for (const name of ["promtail-rotation-while-blocked", "promtail-late-create"])
      expect(stdout).toMatch(
        new RegExp(`known-bugs/${name}\` \\| promtail-plain \\| .* \\| \\*\\*reproduced in 1 of 1 run`),
      );
    expect(stdout).toMatch(/known-bugs\/promtail-ten-retries` \| direct \| .* \| \*\*not run\*\*/);
  });
});
