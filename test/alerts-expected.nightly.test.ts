import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { containersOf } from "../src/places/compose/instances.ts";
import { projectName } from "../src/places/compose/project.ts";
import { alertedOutage } from "./support/alerted-outage.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const reportsFolder = await useReportsFolder(afterAll);
const silentRules = `groups:
  - name: silent
    rules:
      - alert: NeverFires
        expr: up > 1
`;

/** Replaces the rules of a run in its folder, before Prometheus is started. */
function writeRules(runId: string, text: string): void {
  const folder = join(reportsFolder, runId, "pipeline/rules");
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), text);
}

async function killService(runId: string, service: string): Promise<void> {
  const docker = await connectEngine();
  for (const { id } of await containersOf(docker, projectName(runId), service))
    await docker.getContainer(id).kill();
}

describe("a run that expects alerts", () => {
  it("is broken where lines were lost and no alert fired", async () => {
    const runId = "test-alerts-silent";
    const run = await alertedOutage(reportsFolder, runId, (event) => {
      if (event === "monitoring-prepared") writeRules(runId, silentRules);
    });
    expect(run.alerts).toMatchObject({ noticed: "never" });
    expect(run.verdict).toBe("broken");
    expect(run.reasons).toMatchObject([{ code: "silent-loss", lines: run.counts.lost }]);
  });

  it("is unknown where Prometheus refuses the rules, with its own words", async () => {
    const runId = "test-alerts-refused";
    const run = await alertedOutage(reportsFolder, runId, (event) => {
      if (event === "monitoring-prepared") writeRules(runId, silentRules.replace("up > 1", "up > 10MB"));
    });
    expect(run.alerts).toMatchObject({ noticed: "unknown" });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)[0]).toMatch(
      /one may have been missed: Prometheus ended by itself with exit code 2 .*could not parse expression/s,
    );
  });

  it("is unknown where Alertmanager is away, so that nobody is told", async () => {
    const runId = "test-alerts-undelivered";
    const run = await alertedOutage(reportsFolder, runId, (event) => {
      if (event === "alerts-counting") void killService(runId, "alertmanager");
    });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)[0]).toMatch(/Alertmanager delivered none .*: Alertmanager ended by itself/s);
  });
});
