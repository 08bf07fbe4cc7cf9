import { afterAll, describe, expect, it } from "vitest";
import { randomSeed } from "../src/load/seed.ts";
import { casesOf, loadScenarios, type ScheduledFault } from "../src/plan/scenario.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

describe("faults that overlap on one Loki", () => {
  it("are all effective, and leave it running: a cut and a stop, a restart and a kill, a pause and a kill, a kill and a pause", async () => {
    const faults: ScheduledFault[] = [
      { kind: "disconnect", target: "shipper-sink", at: 0.05, until: 0.2 },
      { kind: "stop", target: "sink", at: 0.1, until: 0.25 },
      { kind: "restart", target: "sink", at: 0.35 },
      { kind: "kill", target: "sink", at: 0.35, until: 0.45 },
      { kind: "pause", target: "sink", at: 0.55, until: 0.75 },
      { kind: "kill", target: "sink", at: 0.6, until: 0.7 },
      { kind: "kill", target: "sink", at: 0.8, until: 0.95 },
      { kind: "pause", target: "sink", at: 0.85, until: 0.9 },
    ];
    const { scenario } = scenarios.find(({ name }) => name === "sink-crash")!;
    const run = await runClaim("direct/sink-crash", scenarios, reportsFolder, {
      runId: `test-${randomSeed()}`,
      scenario: { name: scenario.name, scenario, summary: "", faults },
      load: { lines: 900, linesPerSecond: 30, sources: 2 },
    });
    expect(run.faults.map(({ kind, effective }) => [kind, effective])).toEqual(
      faults.map(({ kind }) => [kind, true]),
    );
    // A stop that takes long has the load go on for longer.
    const { written, delivered, lost } = run.counts;
    expect({ lost, delivered }).toEqual({ lost: 0, delivered: written });
    expect(written).toBeGreaterThanOrEqual(900);
    expect(run.verdict).toBe("holds");
  });
});
