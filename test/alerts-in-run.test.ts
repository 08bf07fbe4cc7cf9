import { readdirSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { containersOf } from "../src/places/compose/instances.ts";
import { projectName } from "../src/places/compose/project.ts";
import { claims } from "../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { renderJson } from "../src/report/json.ts";
import { reportStoredRun } from "../src/report/stored-reports.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const pipeline = await loadPipeline("direct");
await needImages("prometheus", "alertmanager", "alert-receiver");
const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

const outage = "direct/sink-outage/above-horizon";
/** The outage that is longer than the shipper's retries, with a claim that allows the loss. */
const claim = { ...claims.find(({ id }) => id === outage)!, bounds: {} };
const silentRules = `groups:
  - name: silent
    rules:
      - alert: NeverFires
        expr: up > 1
`;

/** Carries out the outage with alerts expected. `meddle` is called when an event is noted. */
function outageWith(runId: string, meddle: (event: string) => void = () => {}): Promise<RunDocument> {
  const onEvent = ({ event }: { event: string }) => meddle(event);
  return runClaim(
    outage,
    scenarios,
    reportsFolder,
    { runId, claim, pipeline, alerts: { expected: true } },
    { onEvent },
  );
}

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

describe("a run that observes alerts", () => {
  it("tells which noticed a loss, how long before it, and who was told; judged again, it tells the same", async () => {
    const runId = "test-alerts-noticed";
    const run = await outageWith(runId);
    const folder = join(reportsFolder, runId);
    expect(run.counts.lost).toBeGreaterThan(0);
    const { alerts } = run;
    expect(alerts).toMatchObject({ noticed: "in-time", loss: { basis: "shipper-dropped" } });
    const ours = alerts!.sets.find(({ set }) => set === "everyline")!;
    expect(ours).toMatchObject({ noticed: "in-time", falseAlarms: 0 });
    const delivered = alerts!.alerts.filter(({ fired }) => (fired?.deliveredSeconds ?? null) !== null);
    expect(delivered).not.toEqual([]);
    expect(delivered.some(({ fired }) => fired!.resolvedSeconds !== null)).toBe(true);
    expect(run.verdict).toBe("holds");

    const { document } = await judgeStoredRun(folder);
    expect(renderJson([document])).toBe(await readFile(join(folder, "run.json"), "utf8"));
    const timeline = JSON.parse(await readFile(join(folder, "timeline.json"), "utf8"));
    expect(timeline.tracks.filter(({ id }: { id: string }) => id.startsWith("alerts."))).not.toEqual([]);
    expect((await readdir(join(folder, "metrics"))).length).toBeGreaterThan(0);
    await reportStoredRun(folder);
    for (const name of ["report.md", "report.html", "junit.xml", "report.tap"])
      expect(await readFile(join(folder, name), "utf8")).toContain(
        "before the first line can have been lost",
      );
  });

  it("is broken where lines were lost and no alert fired", async () => {
    const runId = "test-alerts-silent";
    const run = await outageWith(runId, (event) => {
      if (event === "monitoring-prepared") writeRules(runId, silentRules);
    });
    expect(run.alerts).toMatchObject({ noticed: "never" });
    expect(run.verdict).toBe("broken");
    expect(run.reasons).toMatchObject([{ code: "silent-loss", lines: run.counts.lost }]);
  });

  it("is unknown where Prometheus refuses the rules, with its own words", async () => {
    const runId = "test-alerts-refused";
    const run = await outageWith(runId, (event) => {
      if (event === "monitoring-prepared") writeRules(runId, silentRules.replace("up > 1", "up > 10MB"));
    });
    expect(run.alerts).toMatchObject({ noticed: "unknown" });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)[0]).toMatch(
      /one may have been missed: Prometheus ended by itself with exit code 1 .*10MB/s,
    );
  });

  it("is unknown where Alertmanager is away, so that nobody is told", async () => {
    const runId = "test-alerts-undelivered";
    const run = await outageWith(runId, (event) => {
      if (event === "alerts-counting") void killService(runId, "alertmanager");
    });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)[0]).toMatch(/Alertmanager delivered none .*: Alertmanager ended by itself/s);
  });
});
