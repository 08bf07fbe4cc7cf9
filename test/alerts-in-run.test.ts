import { readdirSync, writeFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installedFolder } from "../src/base/installation.ts";
import type { RunDocument } from "../src/judge/run-document.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { containersOf } from "../src/places/compose/instances.ts";
import { projectName } from "../src/places/compose/project.ts";
import { openPlace } from "../src/places/open-place.ts";
import { claims } from "../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { renderJson } from "../src/report/json.ts";
import { reportStoredRun } from "../src/report/stored-reports.ts";
import { readRuleTexts } from "../src/rule-trials/rules-to-try.ts";
import { tryOnRuns } from "../src/rule-trials/try-on-runs.ts";
import { readRunDocument } from "../src/store/run-documents.ts";
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
const noticedId = "test-alerts-noticed";
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
    const run = await outageWith(noticedId);
    const folder = join(reportsFolder, noticedId);
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

  it("gives its rules the same states when they are tried on its samples, and finds selectors without series", async () => {
    const folder = join(reportsFolder, noticedId);
    const live = await readRunDocument(join(folder, "run.json"));
    const mine = join(reportsFolder, "mine.yaml");
    await writeFile(mine, silentRules.replace("up > 1", 'up{job="nothing"} == 0'));
    const rules = join(installedFolder, "fixtures/monitoring/rules");
    const texts = await readRuleTexts([join(rules, "everyline.yaml"), join(rules, "document.yaml"), mine]);
    const options = { onProgress: () => {}, signal: new AbortController().signal };
    const tried = await tryOnRuns(texts, [folder], { place: await openPlace(), options, onRun: () => {} });
    const [{ alerts, lost }] = tried.runs as [(typeof tried.runs)[number]];
    expect(lost).toBe(live.counts.lost);
    expect(alerts.noticed).toBe(live.alerts!.noticed);
    expect(tried.unmatched).toContainEqual({
      set: "mine",
      alert: "NeverFires",
      selector: 'up{job="nothing"}',
    });
    const liveFirings = live.alerts!.alerts.filter(
      ({ set, fired }) => fired && ["everyline", "document"].includes(set),
    );
    expect(liveFirings.length).toBeGreaterThan(3);
    for (const { set, alert, fired } of liveFirings) {
      const again = alerts.alerts.find((each) => each.set === set && each.alert === alert);
      // It is evaluated at other moments, half a second apart.
      const apart = Math.abs((again?.fired?.seconds ?? Number.NaN) - fired!.seconds);
      expect(apart, `${set}/${alert}`).toBeLessThan(1.2);
    }
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
