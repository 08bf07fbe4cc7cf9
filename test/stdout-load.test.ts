import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { root, run } from "./support/command.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const docker = await connectEngine();

describe("a run whose lines containers write to stdout", () => {
  it("holds with the exact count, reads no other container, and leaves nothing", async () => {
    const document = await runClaim("direct-stdout/sink-restart", scenarios, reportsFolder, {
      load: { lines: 300 },
    });
    expect(document.reasons).toEqual([]);
    expect(document).toMatchObject({ verdict: "holds", counts: { lost: 0, duplicated: 0, unexpected: 0 } });
    expect(document.counts.delivered).toBe(document.counts.written);
    expect(document.counts.written).toBeGreaterThanOrEqual(300);
    expect(document.images.map(({ service }) => service)).toEqual(["app-1", "app-2", "promtail", "loki"]);
    const folder = join(reportsFolder, document.runId);
    // The sentinel and the lines, and nothing else.
    const { sources } = JSON.parse(await readFile(join(folder, "ledger.json"), "utf8")) as {
      sources: { written: number; marks: unknown[] }[];
    };
    const stdout = await readFile(join(folder, "containers/app-1.log"), "utf8");
    expect(stdout.split("\n").length - 1).toBe(sources[0]!.written + 1);
    expect(sources[0]!.marks.length).toBeGreaterThan(10);
    // Loki and Promtail write to their stderr what Docker keeps as well.
    const promtail = await readFile(join(folder, "containers/promtail.log"), "utf8");
    expect(promtail.match(/tail routine: started/g)).toHaveLength(2);
    expect(await readdir(folder)).not.toContain("logs");
    const label = [`com.docker.compose.project=${projectName(document.runId)}`];
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
  });

  it("sees the engine rotate its json-files, and counts what Promtail misses of them during an outage", async () => {
    const document = await runClaim("direct-stdout/app-rotation/during-outage", scenarios, reportsFolder, {});
    expect(document.faults.map(({ effective }) => effective)).toEqual([true, true, true]);
    expect(document.verdict).toBe("broken");
    expect(document.counts.lost).toBeGreaterThan(100);
    expect(document.counts).toMatchObject({ corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
  });
});

describe("bad input", () => {
  it.each([
    [
      ["sink-restart", "--load", "stdout", "--pipeline", "direct"],
      /the shipper of direct reads log files, not the stdout of containers/,
    ],
    [
      ["sink-restart", "--load", "nestjs", "--pipeline", "direct-stdout"],
      /reads the stdout of containers, not/,
    ],
  ])("%j ends with 64 and says what to do", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(join(root, "bin/everyline"), ["run", ...args]);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  });
});
